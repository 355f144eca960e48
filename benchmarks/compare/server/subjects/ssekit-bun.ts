import { eventStreamResponse } from "@ssekit/bun";
import { encodeEvent } from "@ssekit/codec";
import type { EventStream } from "@ssekit/server";
import { serveSubject } from "../serve-subject.ts";
import { serveOnBun } from "./serve-fetch.ts";

const streams: EventStream[] = [];
serveSubject({
  port: serveOnBun((request, server) =>
    eventStreamResponse(request, (stream) => void streams.push(stream), { server }),
  ),
  publish(data) {
    const bytes = encodeEvent({ data });
    for (const stream of streams) stream.write(bytes);
  },
});
