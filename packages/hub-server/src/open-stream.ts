import type { IncomingMessage, ServerResponse } from "node:http";
import { openEventStream } from "@ssekit/node";
import type { EventStream } from "@ssekit/server";
import type { HubContext } from "./hub-context.ts";

/** Readers come back after one to three seconds, each at its own time, lest they all come at once (RULES B43). */
export function reconnectionTime(): number {
  return 1000 + Math.floor(Math.random() * 2000);
}

/** Opens an event stream that the server closes when it stops. */
export function openStream(req: IncomingMessage, res: ServerResponse, { streams, onError }: HubContext): EventStream {
  // A stream that ends gives up its connection, else a reader could come back on it to a server that is stopping.
  res.shouldKeepAlive = false;
  const stream = openEventStream(req, res, { retry: reconnectionTime(), onError });
  streams.add(stream);
  void stream.closed.then(() => streams.delete(stream));
  return stream;
}
