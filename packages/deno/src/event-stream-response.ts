import { type EventStreamBody, type EventStreamInit, eventStreamResponse as respond } from "@ssekit/server";

/**
 * Answers a request of `Deno.serve` with an event stream: `eventStreamResponse` of `@ssekit/server`, without the
 * request's signal, which Deno aborts after every response and warns about. A reader who leaves is heard of through the
 * body instead; one who leaves while the head is held, when the head leaves, so within a second.
 *
 * Deno closes no response for being quiet: the heartbeat is for what stands before it.
 *
 * The promise rejects with what the body throws before the head has left.
 *
 * @throws {TypeError | RangeError} when an option is wrong.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/deno";
 *
 * Deno.serve((request) => eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" })));
 * ```
 */
export function eventStreamResponse(
  request: Request,
  body: EventStreamBody,
  init: EventStreamInit = {},
): Promise<Response> {
  const { method, url, headers } = request;
  // Not an async function, which would make a promise more for each of very many streams.
  const response = respond({ method, url, headers }, body, init);
  return method === "HEAD" ? response.then(withUnreadBody) : response;
}

/** With no body Deno writes `content-length: 0`, which is not what GET answers. It cancels this one unread. */
function withUnreadBody(response: Response): Response {
  return response.status === 200 ? new Response(new ReadableStream(), response) : response;
}
