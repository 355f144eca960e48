import type { Server } from "node:net";
import { DEFAULT_DRAIN_DEADLINE } from "@ssekit/server";
import { drainStreams } from "./server-streams.ts";

/** Options of the drain of a server. */
export interface DrainServerOptions {
  /** Milliseconds after which connections that are still open are cut. Default: {@linkcode DEFAULT_DRAIN_DEADLINE}. */
  deadline?: number;
}

/**
 * Stops a server on which event streams are open, for which `server.close()` alone would wait for ever (RULES B25): it
 * takes no more connections, closes the streams with reason `drain`, many of them in waves, each after a reconnection
 * time of its own, and cuts what is left at the deadline. A stream that is opened meanwhile, on a connection that is
 * there, is sent away to come back. Fulfils when the server has closed, and at the deadline at the latest.
 *
 * @throws {RangeError} when `deadline` is not a number above 0; rejects with it.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { drainServer, openEventStream } from "@ssekit/node";
 *
 * const server = createServer((req, res) => void openEventStream(req, res));
 * server.listen(0, "127.0.0.1", () => drainServer(server));
 * ```
 */
export async function drainServer(server: Server, options: DrainServerOptions = {}): Promise<void> {
  const { deadline = DEFAULT_DRAIN_DEADLINE } = options;
  if (!(deadline > 0 && Number.isFinite(deadline))) {
    throw new RangeError(`Cannot drain a server with deadline ${deadline}: give a number above 0`);
  }
  const connections = server as { closeIdleConnections?(): void; closeAllConnections?(): void };
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  let cut: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    cut = setTimeout(() => {
      connections.closeAllConnections?.();
      resolve();
    }, deadline);
  });
  await drainStreams(server, deadline);
  // Those on which the streams were, and which would wait for a next request.
  connections.closeIdleConnections?.();
  await Promise.race([closed, over]);
  clearTimeout(cut);
}
