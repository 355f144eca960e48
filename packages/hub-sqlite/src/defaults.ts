/** Bytes that the entries of a log in SQLite may take together, where `maxBytes` is not given: 256 MiB. */
export const DEFAULT_SQLITE_MAX_BYTES = 268_435_456;

/** Milliseconds for which a log in SQLite keeps an entry, where `maxAge` is not given: 24 hours. */
export const DEFAULT_SQLITE_MAX_AGE = 86_400_000;

/** Milliseconds between two looks for what other processes appended, where `pollInterval` is not given. */
export const DEFAULT_SQLITE_POLL_INTERVAL = 20;

/** Milliseconds to wait for another process's lock, where `lockTimeout` is not given: 1 second. */
export const DEFAULT_SQLITE_LOCK_TIMEOUT = 1_000;

/** Topics whose last removed entry a log in SQLite remembers; the others share one mark. */
export const MAX_SQLITE_MARKS = 10_000;
