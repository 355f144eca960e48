import type { EncodedEvent, ServerSentEvent } from "@ssekit/codec";

/**
 * Why a stream closed: the reader left (`client`), `close()` was called or this side ended the response (`server`), its
 * source ended (`end`), it reached its maximum age (`age`), its reader took nothing for too long (`stalled`), it
 * buffered, or a hub's reader was owed, more than it may (`overflow`), the server drains (`drain`), its grants were
 * revoked (`revoked`), or writing or a source failed (`error`).
 */
export type CloseReason = "client" | "server" | "end" | "age" | "stalled" | "overflow" | "drain" | "revoked" | "error";

/** What `sendAll` takes: anything that gives events one after the other, such as an async generator. */
export type ServerSentEventSource = AsyncIterable<ServerSentEvent<unknown>> | ReadableStream<ServerSentEvent<unknown>>;

/**
 * One open response that carries an event stream.
 *
 * The head and the first bytes leave at the end of the turn that opened it, and what is sent later in one turn leaves
 * as one write at that turn's end, in the order in which it was given. Once it has closed, all that it is told is
 * ignored without a word.
 */
export interface EventStream {
  /** The cursor that the request brought: `Last-Event-ID`, else the query; `undefined` without one; may be empty. */
  readonly lastEventId: string | undefined;
  /** Aborts when the stream closes, for whatever reason. */
  readonly signal: AbortSignal;
  /** Fulfils, never rejects, when the stream has closed. */
  readonly closed: Promise<CloseReason>;
  /** Bytes that may be written before the reader is behind; 0 or less when it is, and 0 when the stream has closed. */
  readonly desiredSize: number;
  /** Fulfils, never rejects, when `desiredSize` is positive, or the stream has closed. */
  readonly ready: Promise<void>;
  /**
   * Which way the last bytes went, where the runtime has two: straight to the `socket`, or through the `response`, which
   * costs more. `undefined` where there is one way only.
   */
  readonly writePath?: "socket" | "response" | undefined;

  /**
   * Sends one event; `data` that is not a string is sent as JSON. It doesn't wait for the reader: what piles up is
   * bounded by `maxBufferedBytes`. Throws a `TypeError` or a `RangeError` for an event that can't be carried.
   */
  send(event: ServerSentEvent<unknown>): void;
  /** Sends a comment, which readers ignore. */
  comment(text: string): void;
  /**
   * Sends what the source gives, at the reader's pace, and fulfils when it has ended; the stream stays open. When the
   * stream closes first, the source is returned or cancelled at once, and the promise fulfils. Rejects with what the
   * source throws, or with what an event of it is refused for; the reader sees nothing of either.
   */
  sendAll(source: ServerSentEventSource): Promise<void>;
  /** Writes encoded blocks; `false` means accepted, but the reader is behind: wait for `ready`. */
  write(bytes: EncodedEvent): boolean;
  /**
   * Ends the response after what was sent; the reason, `server` by default, is what `closed` gives. With `drain` the
   * reader is told a reconnection time of its own first: `init.retry`, else {@linkcode DEFAULT_HELD_RETRY}, up to
   * doubled by chance (RULES B43).
   */
  close(reason?: CloseReason): void;

  /**
   * Calls back once, when the stream closes, or at once where it has: what `signal` and `closed` tell too, for less where
   * there are very many streams. What a listener throws goes to `onError`.
   */
  onClose(listener: (reason: CloseReason) => void): void;
  /**
   * At each heartbeat `give` is asked for the bytes to send; none: a comment. It is not asked while bytes wait for the
   * reader. There is one: a second call replaces the first.
   */
  onHeartbeat(give: () => EncodedEvent | undefined): void;

  /**
   * Keeps the head back, for {@linkcode HOLD_LIMIT} at most, until `open` or `refuse`; then the reader is told to come
   * back: 200, `retry:` and the end. Throws a `TypeError` once the head has left.
   */
  hold(): void;
  /** Lets the head go. */
  open(): void;
  /**
   * Answers this status without a body instead of a stream, and closes. Readers take every status but 200 as final:
   * 204 says "stop" (RULES B14). Throws a `TypeError` once the head has left, and a `RangeError` for 200 and for what
   * is no final status.
   */
  refuse(status: number): void;
}
