/** Bytes that the entries of a log in Redis may take together, where `maxBytes` is not given: 256 MiB. */
export const DEFAULT_REDIS_MAX_BYTES = 268_435_456;

/** Milliseconds for which a log in Redis keeps an entry, where `maxAge` is not given: 24 hours. */
export const DEFAULT_REDIS_MAX_AGE = 86_400_000;

/** How the keys of a log in Redis begin, where `name` is not given. */
export const DEFAULT_REDIS_NAME = "ssekit";

/** Milliseconds for the store to answer, where `timeout` is not given: 5 seconds. */
export const DEFAULT_REDIS_TIMEOUT = 5_000;

/** Milliseconds for which a node waits for a store that is away, where `maxOutage` is not given: 15 seconds. */
export const DEFAULT_REDIS_MAX_OUTAGE = 15_000;

/** Bytes that may be on their way to the store, where `maxPendingBytes` is not given: 16 MiB. */
export const DEFAULT_REDIS_MAX_PENDING_BYTES = 16_777_216;

/** Topics whose last removed entry a log in Redis remembers; the others share one mark. */
export const MAX_REDIS_MARKS = 10_000;
