import type { EncodedEvent } from "@ssekit/codec";

/**
 * What the hub needs of one open response. An `EventStream` of `@ssekit/server` satisfies it, and so may anything
 * else that takes bytes with backpressure.
 */
export interface EventSink {
  /** The cursor that the request brought; `undefined` without one; an empty one is a cursor that can't be honoured. */
  readonly lastEventId: string | undefined;
  /** Bytes that may be written before the reader is behind; 0 or less when it is. */
  readonly desiredSize: number;
  /** Fulfils when `desiredSize` is positive again, or the sink has closed. */
  readonly ready: Promise<unknown>;
  /** Which way its last bytes went, where it has two: what `metrics()` counts it by. */
  readonly writePath?: "socket" | "response" | undefined;

  /** Takes encoded blocks; `false` means accepted, but the reader is behind now. After the close it does nothing. */
  write(bytes: EncodedEvent): boolean;
  /** Ends the response after what was written; with `drain` after telling the reader a reconnection time of its own. */
  close(reason?: "server" | "end" | "overflow" | "drain" | "revoked" | "error"): void;
  /** Calls back once, when the sink closes, or at once where it has, with the reason: what `metrics()` counts it by. */
  onClose(listener: (reason: unknown) => void): void;
  /**
   * At each heartbeat at which no bytes wait, `give` is asked for those to send, which the reader counts as told; none:
   * the sink sends a comment.
   */
  onHeartbeat(give: () => EncodedEvent | undefined): void;

  /** Keeps the head back until `open` or `refuse`; throws when it has left. */
  hold(): void;
  /** Lets the head go; does nothing when it has left. */
  open(): void;
  /** Answers this status instead of a stream, while the head has not left. */
  refuse(status: number): void;
}
