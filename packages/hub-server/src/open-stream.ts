import type { IncomingMessage, ServerResponse } from "node:http";
import { openEventStream } from "@ssekit/node";
import type { EventStream } from "@ssekit/server";
import type { HubContext } from "./hub-context.ts";

/** Opens an event stream whose reader is told when to come back. */
export function openStream(req: IncomingMessage, res: ServerResponse, { onError }: HubContext): EventStream {
  // A stream that ends gives up its connection, else a reader could come back on it to a server that is stopping.
  res.shouldKeepAlive = false;
  return openEventStream(req, res, { retry: reconnectionTime(), onError });
}

/** Readers come back after one to three seconds, each at its own time, lest they all come at once (RULES B43). */
function reconnectionTime(): number {
  return 1000 + Math.floor(Math.random() * 2000);
}
