/**
 * The seam between a stream and a runtime: an adapter translates its own request and response into these types, and
 * decides nothing. They are web-standard types only, so that the stream runs wherever bytes can be sent.
 */

/** What a stream reads of the request. A `Request` is one. */
export interface RequestHead {
  /** The method, in capitals. */
  readonly method: string;
  /** The URL, absolute or from its path on, with its query. */
  readonly url: string;
  /** The header fields, by lower-case name; `null` for one that is absent. */
  readonly headers: { get(name: string): string | null };
}

/**
 * The fields of a head, by lower-case name and in order; only `set-cookie` comes more than once. Streams share it: it
 * must not be changed.
 */
export type HeaderList = readonly [name: string, value: string][];

/** What a transport tells its stream, by functions that need no `this`. After the first `onClose` none is heard. */
export interface TransportObserver {
  /** Bytes have left: `bufferedBytes` may be smaller than it was. */
  readonly onDrain: () => void;
  /**
   * The response is over, and not by the stream's doing: the reader left (`client`), this side ended or destroyed it
   * (`server`), or writing failed (`error`, with what was thrown).
   */
  readonly onClose: (reason: "client" | "server" | "error", error?: unknown) => void;
}

/**
 * One response, as a runtime can send it. The stream calls `observe` first, then either `answer`, or `open`, any number
 * of `write` and at last `end`; `abort` may come at any time. All but `observe` may throw, which closes the stream.
 */
export interface Transport {
  /** Bytes that were written and have not left for the network yet. */
  readonly bufferedBytes: number;
  /**
   * Bytes that the system was given and has not taken yet, where the runtime knows: that they change is progress, though
   * `bufferedBytes`, which may count whole writes, stands still.
   */
  readonly unsentBytes?: number | undefined;
  /** The `bufferedBytes` from which on the reader is behind. */
  readonly highWaterMark: number;

  /**
   * Which way the last bytes went, where there are two: past the runtime's response object straight to the `socket`, or
   * through the `response`.
   */
  readonly writePath?: "socket" | "response" | undefined;

  /** Names who hears of drain and close. A response that is over already is told at once. */
  observe(observer: TransportObserver): void;
  /** Asks for `onDrain` from now on. A transport without it tells of every drain. */
  awaitDrain?(): void;
  /** Answers this status without a body. */
  answer(status: number, headers: HeaderList): void;
  /** Sends the head of a 200. It may wait for the first `write`, which follows in the same turn. */
  open(headers: HeaderList): void;
  /** Takes bytes that are shared with other responses: they must not be changed or transferred. */
  write(bytes: Uint8Array): void;
  /** Ends the response after what was written. */
  end(): void;
  /** Drops the response with all that is buffered; also after `end`, when the reader takes no more of it. */
  abort(): void;
}
