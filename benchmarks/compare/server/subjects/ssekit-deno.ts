import { encodeEvent } from "@ssekit/codec";
import { eventStreamResponse } from "@ssekit/deno";
import type { EventStream } from "@ssekit/server";
import { serveSubject } from "../serve-subject.ts";
import { serveOnDeno } from "./serve-fetch.ts";

const streams: EventStream[] = [];
serveSubject({
  port: serveOnDeno((request) => eventStreamResponse(request, (stream) => void streams.push(stream))),
  publish(data) {
    const bytes = encodeEvent({ data });
    for (const stream of streams) stream.write(bytes);
  },
});
