/** Fields that any block of an event stream may carry. A field that is `undefined` is absent. */
export interface EventBlockFields {
  /**
   * Becomes the reader's last event ID. Any text without CR, LF and NUL; it travels in a request header, so keep it to
   * short visible ASCII. An empty string is refused: resetting the last event ID is said with
   * {@linkcode resetLastEventId}.
   */
  id?: string | typeof resetLastEventId | undefined;
  /** Reconnection time in milliseconds, a whole number of at least 0. */
  retry?: number | undefined;
  /** Text that readers ignore; CR, LF and CRLF split it into several comment lines. */
  comment?: string | undefined;
}

/**
 * What a server sends: one block of an event stream (WHATWG HTML 9.2.5), in the standard's words.
 *
 * `event` without `data` is a type error and a `TypeError`, for such a block would never fire. A block without `data`
 * (comment, retry or id alone) dispatches nothing.
 *
 * @typeParam Data what `data` may be. In the codec it is text; the server and the hub take any value and write what is
 * not a string as JSON.
 */
export type ServerSentEvent<Data = string> =
  | (EventBlockFields & {
      /** Event type, `message` when absent. Any text without CR, LF; an empty string is refused. */
      event?: string | undefined;
      /** The event's data; CR, LF and CRLF in it arrive as LF. */
      data: Data;
    })
  | (EventBlockFields & { event?: undefined; data?: undefined });

/**
 * Given as `id`, resets the reader's last event ID to the empty string, so that it reconnects without one. A symbol,
 * so that an empty string that slipped in can't reset a reader by accident (RULES B6). Send it along with `data`:
 * Firefox and WebKit lose a block of an id alone.
 *
 * @example
 * ```ts
 * import { resetLastEventId, stringifyEvent } from "@ssekit/codec";
 *
 * stringifyEvent({ data: "last one", id: resetLastEventId }); // "data: last one\nid: \n\n"
 * ```
 */
export const resetLastEventId: unique symbol = Symbol.for("ssekit.resetLastEventId") as never;
