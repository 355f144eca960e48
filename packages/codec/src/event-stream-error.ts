/**
 * What can go wrong that a caller handles; a caller's own mistake is a built-in `TypeError` or `RangeError` instead.
 * Each code has its entry in docs/errors.md.
 */
export type EventStreamErrorCode =
  /** One event is larger than `maxEventBytes`. */
  | "event-too-large"
  /** Another event was published under an id that is in the log already. */
  | "id-conflict"
  /** The log, the hub or the stream is closed. */
  | "closed";

/**
 * The one error class of ssekit. Tell errors apart by `code`, not by `instanceof`: an npm and a JSR copy of this
 * class may both be loaded.
 */
export class EventStreamError extends Error {
  override readonly name = "EventStreamError";
  readonly code: EventStreamErrorCode;

  constructor(code: EventStreamErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
