import type { EncodedEvent, ServerSentEvent } from "@ssekit/codec";

/**
 * Why a stream closed: the reader left (`client`), `close()` was called (`server`), its source ended (`end`), it
 * reached its maximum age (`age`), its reader took nothing for too long (`stalled`), it buffered more than it may
 * (`overflow`), the server drains (`drain`), its grants were revoked (`revoked`), or writing failed (`error`).
 */
export type CloseReason = "client" | "server" | "end" | "age" | "stalled" | "overflow" | "drain" | "revoked" | "error";

/** One open response that carries an event stream. */
export interface EventStream {
  /** The cursor that the request brought: `Last-Event-ID`, else the query; `undefined` without one; may be empty. */
  readonly lastEventId: string | undefined;
  /** Aborts when the stream closes, for whatever reason. */
  readonly signal: AbortSignal;
  /** Fulfils, never rejects, when the stream has closed. */
  readonly closed: Promise<CloseReason>;
  /** Bytes that may be written before the reader is behind; 0 or less when it is. */
  readonly desiredSize: number;
  /** Fulfils when `desiredSize` is positive again, or the stream has closed. */
  readonly ready: Promise<void>;

  /** Sends one event; `data` that is not a string is sent as JSON. After the close it does nothing. */
  send(event: ServerSentEvent<unknown>): void;
  /** Sends a comment, which readers ignore. */
  comment(text: string): void;
  /** Sends what the source gives, at the reader's pace. */
  sendAll(source: AsyncIterable<ServerSentEvent<unknown>> | ReadableStream<ServerSentEvent<unknown>>): Promise<void>;
  /** Writes encoded blocks; `false` means accepted, but the reader is behind: wait for `ready`. */
  write(bytes: EncodedEvent): boolean;
  /** Ends the response after what was sent. */
  close(reason?: CloseReason): void;

  /** At each heartbeat `give` is asked for the bytes to send; none: a comment. */
  onHeartbeat(give: () => EncodedEvent | undefined): void;

  /** Keeps the head back, for a second at most, until `open` or `refuse`. Throws once the head has left. */
  hold(): void;
  /** Lets the head go. */
  open(): void;
  /** Answers this status instead of a stream, while the head has not left. */
  refuse(status: number): void;
}
