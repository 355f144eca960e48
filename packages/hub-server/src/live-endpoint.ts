import type { IncomingMessage, ServerResponse } from "node:http";
import { answerMethod } from "./answer.ts";
import { envelopedSink } from "./enveloped-sink.ts";
import type { HubContext } from "./hub-context.ts";
import { openStream } from "./open-stream.ts";

/** Events that a page that was just opened begins with. */
const FIRST_EVENTS = 50;

/** Serves the stream of the live page: all public events, each in an envelope, and how things stand. */
export async function handleLive(req: IncomingMessage, res: ServerResponse, context: HubContext): Promise<void> {
  if (req.method !== "GET" && req.method !== "HEAD") return answerMethod(res, "GET, HEAD");
  const stream = openStream(req, res, context);
  const { hub, activity, feed } = context;
  const sink = envelopedSink(stream, (id) => activity.find(id));
  const cursor = activity.idBefore(FIRST_EVENTS);
  // A page that comes back brings its own cursor, which the hub puts before the start.
  const from = cursor === undefined || stream.lastEventId !== undefined ? "start" : { cursor };
  await hub.subscribe(sink, { pattern: "*" }, { from });
  feed.add(stream);
  feed.changed();
  await stream.closed;
  feed.changed();
}
