/**
 * One open event stream on web standards: what happens between an event and the bytes that leave.
 *
 * `eventStreamResponse` answers a `Request` with a `Response`, in any framework that speaks both. What it opens is an
 * `EventStream`: send events, know when the reader has gone, and how far behind it is.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/server";
 *
 * const handler = (request: Request): Promise<Response> =>
 *   eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" }));
 * ```
 *
 * Not here: Node's `req` and `res`, which `@ssekit/node` takes, and topics and replay, which are the hub's.
 *
 * @module
 */
export type { Clock } from "./clock.ts";
export { type CorsOptions, corsHeaders } from "./cors-headers.ts";
// For adapters to other runtimes.
export { createEventStream } from "./create-event-stream.ts";
export {
  DEFAULT_DRAIN_DEADLINE,
  DEFAULT_HEARTBEAT,
  DEFAULT_HELD_RETRY,
  DEFAULT_MAX_BUFFERED_BYTES,
  DEFAULT_STALL_TIMEOUT,
  HOLD_LIMIT,
  MAX_AGE_JITTER,
} from "./defaults.ts";
export { type DrainOptions, drainEventStreams } from "./drain-event-streams.ts";
export type { CloseReason, EventStream, ServerSentEventSource } from "./event-stream.ts";
export type { EventStreamInit } from "./event-stream-init.ts";
export { type EventStreamBody, eventStreamResponse } from "./event-stream-response.ts";
export type { HeaderList, RequestHead, Transport, TransportObserver } from "./transport.ts";
