import type { EncodedEvent } from "@ssekit/codec";

/**
 * What the hub needs of one open response. An `EventStream` of `@ssekit/server` satisfies it, and so may anything
 * else that takes bytes with backpressure.
 */
export interface EventSink {
  /** The cursor that the request brought; `undefined` without one; an empty one is a cursor that can't be honoured. */
  readonly lastEventId: string | undefined;
  /** Aborts when the sink has closed. */
  readonly signal: AbortSignal;
  /** Fulfils, never rejects, when the sink has closed. */
  readonly closed: Promise<unknown>;
  /** Bytes that may be written before the reader is behind; 0 or less when it is. */
  readonly desiredSize: number;
  /** Fulfils when `desiredSize` is positive again, or the sink has closed. */
  readonly ready: Promise<unknown>;

  /** Takes encoded blocks; `false` means accepted, but the reader is behind now. */
  write(bytes: EncodedEvent): boolean;
  /** Ends the response after what was written. */
  close(reason?: "server" | "end" | "drain" | "revoked" | "error"): void;
  /** At each heartbeat `give` is asked for the bytes to send; none: the sink sends a comment. */
  onHeartbeat(give: () => EncodedEvent | undefined): void;

  /** Keeps the head back until `open` or `refuse`. */
  hold(): void;
  /** Lets the head go. */
  open(): void;
  /** Answers this status instead of a stream, while the head has not left. */
  refuse(status: number): void;
}
