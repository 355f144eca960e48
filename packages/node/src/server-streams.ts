import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Http2ServerResponse, Http2Session } from "node:http2";
import type { Server } from "node:net";
import { DEFAULT_DRAIN_DEADLINE, drainEventStreams, type EventStream } from "@ssekit/server";

type NodeResponse = ServerResponse | Http2ServerResponse;

/** The event streams of one server. */
interface ServerStreams {
  /** By response, for as long as bytes of it may be on their way. */
  readonly open: Map<NodeResponse, EventStream>;
  /** Listens to the close of them all. */
  readonly forget: (this: NodeResponse) => void;
  /** Of HTTP/2, since the first stream. */
  readonly sessions: Set<Http2Session>;
  draining: boolean;
}

const byServer = new WeakMap<Server, ServerStreams>();

function streamsOf(server: Server): ServerStreams {
  let streams = byServer.get(server);
  if (streams === undefined) {
    const open = new Map<NodeResponse, EventStream>();
    const forget = function (this: NodeResponse): void {
      open.delete(this);
    };
    streams = { open, forget, sessions: new Set(), draining: false };
    server.on("session", (session: Http2Session) => noteSession(session, server));
    byServer.set(server, streams);
  }
  return streams;
}

/** Notes a session, which has to be closed with its server: on Node 22 that alone leaves it open. */
function noteSession(session: Http2Session, server: Server): void {
  const { sessions } = streamsOf(server);
  if (sessions.has(session)) return;
  sessions.add(session);
  session.once("close", () => sessions.delete(session));
}

/** Notes a stream of the server whose response it is; on one that drains it is sent away to come back (RULES B14). */
export function noteStream(stream: EventStream, res: NodeResponse, server: Server | undefined): void {
  if (server === undefined) return;
  const { open, forget, draining } = streamsOf(server);
  open.set(res, stream);
  res.on("close", forget);
  const session = "stream" in res ? res.stream?.session : undefined;
  if (session !== undefined) noteSession(session, server);
  if (!draining) return;
  if (!("stream" in res)) res.shouldKeepAlive = false;
  stream.close("drain");
}

/** The server that a response comes from, if it comes from one. */
export function serverOf(res: NodeResponse): Server | undefined {
  const connection = "stream" in res ? res.stream?.session : res.req.socket;
  return (connection as { server?: Server } | undefined)?.server;
}

/** Drains the streams of a server, and fulfils when their bytes have left, or at the deadline, which cuts the rest. */
export async function drainStreams(server: Server, deadline: number = DEFAULT_DRAIN_DEADLINE): Promise<void> {
  const streams = streamsOf(server);
  streams.draining = true;
  const entries = [...streams.open];
  const over = new Promise<void>((resolve) => {
    setTimeout(() => {
      for (const res of streams.open.keys()) res.req.socket?.destroy();
      for (const session of streams.sessions) session.destroy();
      resolve();
    }, deadline).unref();
  });
  const gone = entries.map(([res]) => once(res, "close"));
  await drainEventStreams(
    entries.map(([, stream]) => stream),
    { deadline },
  );
  await Promise.race([Promise.all(gone), over]);
  for (const session of streams.sessions) session.close();
}
