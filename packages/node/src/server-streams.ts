import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Http2ServerResponse, Http2Session } from "node:http2";
import type { Server, Socket } from "node:net";
import { DEFAULT_DRAIN_DEADLINE, drainEventStreams, type EventStream } from "@ssekit/server";

type NodeResponse = ServerResponse | Http2ServerResponse;

/** The event streams of one server. */
interface ServerStreams {
  /** By response, for as long as bytes of it may be on their way. */
  readonly open: Map<NodeResponse, EventStream>;
  /** Listens to the close of them all. */
  readonly forget: (this: NodeResponse) => void;
  draining: boolean;
}

const byServer = new WeakMap<Server, ServerStreams>();

function streamsOf(server: Server): ServerStreams {
  let streams = byServer.get(server);
  if (streams === undefined) {
    const open = new Map<NodeResponse, EventStream>();
    streams = {
      open,
      forget() {
        open.delete(this);
      },
      draining: false,
    };
    byServer.set(server, streams);
  }
  return streams;
}

/** Notes a stream of the server whose response it is; on one that drains it is sent away to come back (RULES B14). */
export function noteStream(stream: EventStream, res: NodeResponse, server: Server | undefined): void {
  if (server === undefined) return;
  const { open, forget, draining } = streamsOf(server);
  open.set(res, stream);
  res.on("close", forget);
  if (!draining) return;
  if (!("stream" in res)) res.shouldKeepAlive = false;
  stream.close("drain");
}

/** Drains the streams of a server, and fulfils when their bytes have left, or at the deadline, which cuts the rest. */
export async function drainStreams(server: Server, deadline: number = DEFAULT_DRAIN_DEADLINE): Promise<void> {
  const streams = streamsOf(server);
  streams.draining = true;
  const entries = [...streams.open];
  const connections = entries.map(([res]) => connectionOf(res));
  const over = new Promise<void>((resolve) => {
    setTimeout(() => {
      for (const res of streams.open.keys()) connectionOf(res)?.destroy();
      resolve();
    }, deadline).unref();
  });
  const gone = entries.map(([res]) => once(res, "close"));
  await drainEventStreams(
    entries.map(([, stream]) => stream),
    { deadline },
  );
  await Promise.race([Promise.all(gone), over]);
  for (const connection of connections) if (connection !== undefined && "goaway" in connection) connection.close();
}

/** The server that a response comes from, if it comes from one. */
export function serverOf(res: NodeResponse): Server | undefined {
  return (connectionOf(res) as { server?: Server } | undefined)?.server;
}

function connectionOf(res: NodeResponse): Socket | Http2Session | undefined {
  return "stream" in res ? res.stream?.session : res.req.socket;
}
