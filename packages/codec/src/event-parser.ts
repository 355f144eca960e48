import type { DispatchedEvent } from "./dispatched-event.ts";
import type { EventStreamError } from "./event-stream-error.ts";

/**
 * What a parser calls, each at the moment that the standard names. All are optional.
 *
 * A callback may call `stop`, `reset` and `end` of its parser: the rest of the chunk is then dropped. It must not call
 * `feed`. If one throws, the rest of the chunk is still delivered, and then `feed` throws (see
 * {@linkcode EventParser.feed}).
 */
export interface ParserCallbacks {
  /** An event was dispatched. */
  onEvent?: ((event: DispatchedEvent) => void) | undefined;
  /** A comment line ended. Given what follows the colon, without one leading space. */
  onComment?: ((comment: string) => void) | undefined;
  /**
   * The stream set the reconnection time, in milliseconds. Called at the line, for it needs no blank line. The number
   * may be larger than a timer takes.
   */
  onReconnectionTime?: ((milliseconds: number) => void) | undefined;
  /** The last event ID string changed, at a blank line, whether or not an event follows. */
  onLastEventId?: ((lastEventId: string) => void) | undefined;
  /** An event exceeded `maxEventBytes`, and the parser stopped. */
  onError?: ((error: EventStreamError) => void) | undefined;
}

/** Options of a parser. */
export interface ParserOptions {
  /**
   * The size that an event may have: everything fed from its first field to the line end of the blank line that ends it
   * (to the CR of a CRLF), in bytes, or in UTF-16 code units where strings are fed. An unfinished line counts, a
   * finished comment before the first field does not. No limit by default.
   */
  maxEventBytes?: number | undefined;
  /** The last event ID that the stream continues from, empty by default. */
  lastEventId?: string | undefined;
}

/** A parser of one event stream after another (WHATWG HTML 9.2.5 and 9.2.6). */
export interface EventParser {
  /** The last event ID string: what a reconnecting reader sends as `Last-Event-ID`. */
  readonly lastEventId: string;
  /** Whether the parser ignores what it is fed, after `stop` or an event that was too large. */
  readonly stopped: boolean;
  /**
   * Parses the next part of the stream, cut anywhere. Bytes and strings may be mixed; bytes of an unfinished character
   * are then decoded as if the string did not continue them.
   *
   * @throws {Error} If called from inside a callback.
   * @throws {TypeError} If the chunk is neither bytes nor a string.
   * @throws What a callback threw, after the rest of the chunk was delivered; an `AggregateError` of all errors in order
   * if there were several.
   */
  feed(chunk: Uint8Array | string): void;
  /**
   * Says that the stream has ended. An unfinished line and an unfinished block are discarded. The next `feed` begins
   * a new stream that continues from the last event ID.
   */
  end(): void;
  /** Makes the parser as newly created, with no last event ID unless one is given. Revives a stopped parser. */
  reset(options?: { lastEventId?: string | undefined }): void;
  /** Lets no callback be called any more, from inside a callback too, until `reset`. */
  stop(): void;
}
