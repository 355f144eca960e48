/**
 * Event streams on Fastify: a plugin that drains them when the app closes. To open one, hand Fastify's own request and
 * reply to `openEventStream`.
 *
 * @example
 * ```ts
 * import { openEventStream } from "@ssekit/node";
 * import { eventStreams } from "@ssekit/node/fastify";
 * import type { FastifyInstance } from "fastify";
 *
 * export function routes(app: FastifyInstance): void {
 *   app.register(eventStreams);
 *   app.get("/events", (request, reply) => openEventStream(request, reply).send({ data: "Hello world!" }));
 * }
 * ```
 *
 * @module
 */
import type { Server } from "node:net";
import type { DrainServerOptions } from "./drain-server.ts";
import { drainStreams } from "./server-streams.ts";

export type { DrainServerOptions } from "./drain-server.ts";

/** What is used of a Fastify instance, which fits. */
export interface FastifyLike {
  /** Node's own server. */
  readonly server: Server;
  /** Adds a hook that runs before the server closes. */
  addHook(name: "preClose", hook: () => Promise<void>): unknown;
}

/**
 * A Fastify plugin that drains the event streams of the app's server in `preClose`, for `app.close()` waits for open
 * streams for ever (RULES B25): see `drainServer`, whose `deadline` is its option. Streams that were opened on Fastify's
 * own request and reply are drained on all servers of the app, of which `localhost` may need two.
 *
 * While it closes, Fastify answers new requests with 503, which a native EventSource takes as final; made with
 * `return503OnClosing: false`, it lets them open a stream, and so be sent away to come back.
 */
export async function eventStreams(app: FastifyLike, { deadline }: DrainServerOptions): Promise<void> {
  app.addHook("preClose", () => drainStreams(app.server, deadline));
}
