import type { Clock } from "./clock.ts";

/** Options of one event stream. Those that are wrong throw at once, a `TypeError` or a `RangeError`. */
export interface EventStreamInit {
  /**
   * Header fields to add. They may replace `cache-control` and `x-accel-buffering`; `content-type`, `content-length`,
   * `transfer-encoding`, `connection` and `keep-alive` are refused.
   */
  headers?: NonNullable<RequestInit["headers"]>; // `HeadersInit` is a name of the DOM's types alone
  /** Reconnection time in milliseconds that the reader is told first, a whole number. Default: none is told. */
  retry?: number;
  /** Milliseconds between heartbeats; `0` or `false`: none. Default: {@linkcode DEFAULT_HEARTBEAT}. */
  heartbeat?: number | false;
  /**
   * Milliseconds after which at the latest the stream is closed with reason `age`: each stream up to a tenth sooner,
   * by chance ({@linkcode MAX_AGE_JITTER}), so that readers who came together don't come back together. Default: no
   * limit.
   */
  maxAge?: number;
  /**
   * Milliseconds for which bytes may wait for the reader without one leaving, found within a quarter more; then the
   * stream is closed with reason `stalled` and they are dropped. It holds after `close()` too, for what has not left
   * yet. `0` or `false`: no limit. Default: {@linkcode DEFAULT_STALL_TIMEOUT}.
   */
  stallTimeout?: number | false;
  /**
   * Bytes that may wait for the reader: a write while so many or more wait closes the stream with reason `overflow`,
   * and they are dropped. So one event of any size can be sent, and a reader that takes nothing costs a bounded
   * amount. Default: {@linkcode DEFAULT_MAX_BUFFERED_BYTES}.
   */
  maxBufferedBytes?: number;
  /** Hears what user code that the stream calls throws, and why writing failed. Default: `console.error`. */
  onError?: (error: unknown) => void;
  /** The time that the stream lives by. Default: the runtime's. */
  clock?: Clock;
}

/** Throws what is wrong with the options of a stream. Headers and `retry` are judged where they are encoded. */
export function checkInit({ heartbeat, maxAge, stallTimeout, maxBufferedBytes, onError }: EventStreamInit): void {
  if (heartbeat !== undefined && heartbeat !== false) checkNumber("heartbeat", heartbeat, 0);
  if (maxAge !== undefined) checkNumber("maxAge", maxAge, 1);
  if (stallTimeout !== undefined && stallTimeout !== false) checkNumber("stallTimeout", stallTimeout, 0);
  if (maxBufferedBytes !== undefined) checkNumber("maxBufferedBytes", maxBufferedBytes, 1);
  if (onError !== undefined && typeof onError !== "function") {
    throw new TypeError(`Cannot open an event stream with onError ${String(onError)}: give a function`);
  }
}

function checkNumber(name: string, value: unknown, least: number): void {
  if (typeof value !== "number") {
    throw new TypeError(`Cannot open an event stream with ${name} ${String(value)}: give a number`);
  }
  if (!(value >= least && Number.isFinite(value))) {
    throw new RangeError(`Cannot open an event stream with ${name} ${value}: give a number of at least ${least}`);
  }
}
