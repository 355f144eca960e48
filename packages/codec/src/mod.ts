/**
 * @module
 */
export type { DispatchedEvent } from "./dispatched-event.ts";
export type { EncodedEvent } from "./encoded-event.ts";
export { EventStreamError, type EventStreamErrorCode } from "./event-stream-error.ts";
export { type EventBlockFields, resetLastEventId, type ServerSentEvent } from "./server-sent-event.ts";
