/** Milliseconds between heartbeats, where `heartbeat` is not given. */
export const DEFAULT_HEARTBEAT = 15_000;

/** Bytes that may wait for a reader, where `maxBufferedBytes` is not given: 1 MiB. */
export const DEFAULT_MAX_BUFFERED_BYTES = 1_048_576;

/** Milliseconds for which the head can be held back. */
export const HOLD_LIMIT = 1_000;

/**
 * Reconnection time in milliseconds that a reader is told at least when its head was held for {@linkcode HOLD_LIMIT};
 * up to twice as much, so that readers turned away together don't come back together (RULES B43). `init.retry` takes
 * its place.
 */
export const DEFAULT_HELD_RETRY = 2_000;
