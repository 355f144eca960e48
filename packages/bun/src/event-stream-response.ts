import { type EventStreamBody, eventStreamResponse as respond } from "@ssekit/server";
import type { BunEventStreamInit } from "./bun-event-stream-init.ts";
import { MAX_UNLIFTED_HEARTBEAT } from "./defaults.ts";

/**
 * Answers a request of `Bun.serve` with an event stream: `eventStreamResponse` of `@ssekit/server`, on a response that
 * Bun does not close when it is quiet.
 *
 * Give the server, and its idle timer is lifted for this request (RULES B48). Without it heartbeats keep the response
 * open, every {@linkcode MAX_UNLIFTED_HEARTBEAT} by default.
 *
 * The promise rejects with what the body throws before the head has left.
 *
 * @throws {TypeError | RangeError} when an option is wrong, such as a heartbeat that Bun's idle timer would overtake.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/bun";
 *
 * Bun.serve({
 *   fetch: (request, server) =>
 *     eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" }), { server }),
 * });
 * ```
 */
export function eventStreamResponse(
  request: Request,
  body: EventStreamBody,
  init: BunEventStreamInit = {},
): Promise<Response> {
  const { server, heartbeat = MAX_UNLIFTED_HEARTBEAT } = init;
  if (server) server.timeout(request, 0);
  else if (!isSoonEnough(heartbeat)) return Promise.reject(tooLate(heartbeat));
  // Not an async function, which would make a promise more for each of very many streams.
  const response = respond(request, body, server ? init : { ...init, heartbeat });
  return request.method === "HEAD" ? response.then(withUnreadBody) : response;
}

/** With no body Bun writes `content-length: 0`, which is not what GET answers. It cancels this one unread. */
function withUnreadBody(response: Response): Response {
  return response.status === 200 ? new Response(new ReadableStream(), response) : response;
}

function isSoonEnough(heartbeat: number | false): boolean {
  return typeof heartbeat === "number" && heartbeat !== 0 && !(heartbeat > MAX_UNLIFTED_HEARTBEAT);
}

function tooLate(heartbeat: number | false): RangeError {
  return new RangeError(
    `Cannot keep an event stream open with the heartbeat ${heartbeat}: Bun closes what is quiet for 8 s; ` +
      `give the option server, or a heartbeat of at most ${MAX_UNLIFTED_HEARTBEAT} ms`,
  );
}
