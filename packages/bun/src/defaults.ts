/**
 * Milliseconds between heartbeats where Bun's idle timer is not lifted: the default there, and the greatest that is
 * taken. That timer, of 10 s unless `idleTimeout` of `Bun.serve` says otherwise, closes responses after 8 to 12 s
 * without a byte.
 */
export const MAX_UNLIFTED_HEARTBEAT = 7_000;
