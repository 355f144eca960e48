/**
 * The event-stream codec: writes and reads Server-Sent Events exactly by the standard (WHATWG HTML 9.2), and does
 * nothing else. It is pure: no I/O, no timer, no runtime's own API; bytes and strings in, events out, and back.
 *
 * Its data is text; JSON belongs to the server and the hub. Encoding refuses what a reader would not get as it was
 * meant; reading never fails, save for an event larger than the limit you set.
 *
 * @example
 * ```ts
 * import { encodeEvent, parseEventStream } from "@ssekit/codec";
 *
 * const response = new Response(encodeEvent({ event: "greeting", data: "Hello", id: "1" }));
 * for await (const { type, data, lastEventId } of parseEventStream(response)) {
 *   console.log(type, data, lastEventId); // greeting Hello 1
 * }
 * ```
 *
 * @module
 */
export { type AsEventsOptions, asEvents } from "./as-events.ts";
export { concatEncodedEvents } from "./concat-encoded-events.ts";
export {
  defineEvents,
  type EventContract,
  type EventInputs,
  type EventOutputs,
  type EventSchemas,
} from "./define-events.ts";
export type { DispatchedEvent } from "./dispatched-event.ts";
export { encodeEvent } from "./encode-event.ts";
export type { EncodedEvent } from "./encoded-event.ts";
export { EventEncoderStream } from "./event-encoder-stream.ts";
export type { EventParser, ParserCallbacks, ParserOptions } from "./event-parser.ts";
export { EventParserStream } from "./event-parser-stream.ts";
export { EventStreamError, type EventStreamErrorCode } from "./event-stream-error.ts";
export { type ParseEventStreamOptions, parseEventStream } from "./parse-event-stream.ts";
export { createParser } from "./parser.ts";
export { type EventBlockFields, resetLastEventId, type ServerSentEvent } from "./server-sent-event.ts";
export type { SchemaResult, StandardSchema } from "./standard-schema.ts";
export { stringifyEvent } from "./stringify-event.ts";
