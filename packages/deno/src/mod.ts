/**
 * Event streams on `Deno.serve`: the function of `@ssekit/server`, with Deno's aborts contained.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/deno";
 *
 * Deno.serve((request) => eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" })));
 * ```
 *
 * @module
 */
export { eventStreamResponse } from "./event-stream-response.ts";
