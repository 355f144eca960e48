import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Http2ServerResponse, Http2Session } from "node:http2";
import type { Server } from "node:net";
import { DEFAULT_DRAIN_DEADLINE, drainEventStreams, type EventStream } from "@ssekit/server";

/** A stream of a server, for as long as bytes of it may be on their way. */
interface OpenStream {
  stream: EventStream;
  res: ServerResponse | Http2ServerResponse;
  connection: { destroy(): unknown } | Http2Session;
}

/** The event streams of one server. */
interface ServerStreams {
  open: Set<OpenStream>;
  draining: boolean;
}

const byServer = new WeakMap<Server, ServerStreams>();

function streamsOf(server: Server): ServerStreams {
  const streams = byServer.get(server) ?? { open: new Set(), draining: false };
  byServer.set(server, streams);
  return streams;
}

/** Notes a stream of the server whose response it is; on one that drains it is sent away to come back (RULES B14). */
export function noteStream(stream: EventStream, res: ServerResponse | Http2ServerResponse): void {
  const connection = "stream" in res ? res.stream.session : res.req.socket;
  const server = (connection as { server?: Server } | undefined)?.server;
  if (connection === undefined || server === undefined) return;
  const { open, draining } = streamsOf(server);
  const entry = { stream, res, connection };
  open.add(entry);
  res.once("close", () => open.delete(entry));
  if (!draining) return;
  if (!("stream" in res)) res.shouldKeepAlive = false;
  stream.close("drain");
}

/** Drains the streams of a server, and fulfils when their bytes have left, or at the deadline, which cuts the rest. */
export async function drainStreams(server: Server, deadline: number = DEFAULT_DRAIN_DEADLINE): Promise<void> {
  const streams = streamsOf(server);
  streams.draining = true;
  const entries = [...streams.open];
  const over = new Promise<void>((resolve) => {
    setTimeout(() => {
      for (const { connection } of streams.open) connection.destroy();
      resolve();
    }, deadline).unref();
  });
  const gone = entries.map(({ res }) => once(res, "close"));
  await drainEventStreams(
    entries.map(({ stream }) => stream),
    { deadline },
  );
  await Promise.race([Promise.all(gone), over]);
  for (const { connection } of entries) if ("goaway" in connection) connection.close();
}
