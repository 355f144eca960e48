/** Milliseconds between heartbeats, where `heartbeat` is not given. */
export const DEFAULT_HEARTBEAT = 15_000;

/** Bytes that may wait for a reader, where `maxBufferedBytes` is not given: 1 MiB. */
export const DEFAULT_MAX_BUFFERED_BYTES = 1_048_576;

/** Milliseconds for which the head can be held back. */
export const HOLD_LIMIT = 1_000;

/**
 * Reconnection time in milliseconds that a reader is told at least when its stream is drained, or its head was held for
 * {@linkcode HOLD_LIMIT}; up to twice as much, so that readers turned away together don't come back together (RULES
 * B43). `init.retry` takes its place.
 */
export const DEFAULT_HELD_RETRY = 2_000;

/** Milliseconds for which bytes may wait without one leaving, where `stallTimeout` is not given. */
export const DEFAULT_STALL_TIMEOUT = 60_000;

/** The part of `maxAge` by which a stream may end sooner, each by its own, lest all readers come back at once. */
export const MAX_AGE_JITTER = 0.1;

/** Milliseconds until a drain is over, where `deadline` is not given. */
export const DEFAULT_DRAIN_DEADLINE = 10_000;
