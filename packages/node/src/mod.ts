/**
 * Event streams on `node:http` and `node:http2`, and on the frameworks that hand on their request and response.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { openEventStream } from "@ssekit/node";
 *
 * const server = createServer((req, res) => {
 *   openEventStream(req, res).send({ data: "Hello world!" });
 * });
 * server.listen(0, "127.0.0.1", () => server.close());
 * ```
 *
 * Not here: frameworks that speak `Request` and `Response`, for which `@ssekit/server` has `eventStreamResponse`.
 *
 * @module
 */
export { type DrainServerOptions, drainServer } from "./drain-server.ts";
export type { FastifyReplyLike, FastifyRequestLike } from "./fastify-pair.ts";
export { type NodeEventStreamInit, openEventStream } from "./open-event-stream.ts";
