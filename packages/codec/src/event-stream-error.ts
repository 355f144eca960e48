/**
 * What can go wrong that a caller handles; a caller's own mistake is a built-in `TypeError` or `RangeError` instead.
 * Each code has its entry in docs/errors.md.
 */
export type EventStreamErrorCode =
  /** One event is larger than `maxEventBytes`. */
  | "event-too-large"
  /** Another event was published under an id that is in the log already. */
  | "id-conflict"
  /** The topic has ended, and takes no more events. */
  | "ended"
  /** The store of a log can't be used: out of reach, locked, full, read-only or damaged. */
  | "log-unavailable"
  /** The log, the hub or the stream is closed. */
  | "closed"
  /** A client's connection failed for good. */
  | "connection-failed"
  /** The data of an event is not what the client's `parse` or the contract of the events takes. */
  | "invalid-event";

/**
 * The one error class of ssekit. Tell errors apart by `code`, not by `instanceof`: an npm and a JSR copy of this
 * class may both be loaded.
 *
 * @example
 * ```ts
 * import { parseEventStream } from "@ssekit/codec";
 *
 * try {
 *   const response = new Response("data: Hello\n\n");
 *   for await (const event of parseEventStream(response, { maxEventBytes: 8 })) console.log(event.data);
 * } catch (error) {
 *   if ((error as { code?: string }).code !== "event-too-large") throw error;
 *   console.log("The server sent too large an event");
 * }
 * ```
 */
export class EventStreamError extends Error {
  /** Always `EventStreamError`. */
  override readonly name = "EventStreamError";
  /** What went wrong, of a closed set. */
  readonly code: EventStreamErrorCode;

  /** Makes one; the cause, if there is one, is given in the options. */
  constructor(code: EventStreamErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
