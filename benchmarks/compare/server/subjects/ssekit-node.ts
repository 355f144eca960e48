import { encodeEvent } from "@ssekit/codec";
import { openEventStream } from "@ssekit/node";
import type { EventStream } from "@ssekit/server";
import { listenOnNode, serveSubject } from "../serve-subject.ts";

const streams: EventStream[] = [];
serveSubject({
  port: await listenOnNode((req, res) => streams.push(openEventStream(req, res))),
  publish(data) {
    const bytes = encodeEvent({ data });
    for (const stream of streams) stream.write(bytes);
  },
});
