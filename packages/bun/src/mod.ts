/**
 * Event streams on `Bun.serve`: the function of `@ssekit/server`, with Bun's idle timer lifted.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/bun";
 *
 * Bun.serve({
 *   routes: {
 *     "/events": (request, server) =>
 *       eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" }), { server }),
 *   },
 * });
 * ```
 *
 * @module
 */
export type { BunEventStreamInit } from "./bun-event-stream-init.ts";
export type { BunServer } from "./bun-server.ts";
export { MAX_UNLIFTED_HEARTBEAT } from "./defaults.ts";
export { eventStreamResponse } from "./event-stream-response.ts";
