/** Bytes that the entries of a log in memory may take together, where `maxBytes` is not given: 16 MiB. */
export const DEFAULT_LOG_MAX_BYTES = 16_777_216;

/** Milliseconds for which a log in memory keeps an entry, where `maxAge` is not given: 5 minutes. */
export const DEFAULT_LOG_MAX_AGE = 300_000;

/** Bytes of the newest events that a hub keeps encoded, where `windowBytes` is not given: 1 MiB. */
export const DEFAULT_WINDOW_BYTES = 1_048_576;

/** Bytes of older events that a hub keeps for readers who catch up, where `catchUpBytes` is not given: 8 MiB. */
export const DEFAULT_CATCH_UP_BYTES = 8_388_608;

/** Milliseconds until a drain is over, where `deadline` is not given. */
export const DEFAULT_HUB_DRAIN_DEADLINE = 10_000;

/** Bytes that a reader may be owed until its lag policy acts, where `maxLag.bytes` is not given: 1 MiB. */
export const DEFAULT_MAX_LAG_BYTES = 1_048_576;

/** Milliseconds for which a reader may be owed anything until its lag policy acts, where `maxLag.age` is not given. */
export const DEFAULT_MAX_LAG_AGE = 30_000;

/** The URL against which topics and patterns are resolved, where `base` is not given. */
export const DEFAULT_BASE = "https://hub.invalid/";

/** UTF-16 units that a topic or a user's name may have. */
export const MAX_TOPIC_LENGTH = 1_024;

/** UTF-16 units that a topic pattern may have. */
export const MAX_PATTERN_LENGTH = 1_024;

/** Topics and patterns that one connection may ask for. */
export const MAX_MATCHERS = 1_000;

/** Milliseconds between two judgements of a connection by its `authorize`, where `reauthorizeInterval` is not given. */
export const DEFAULT_REAUTHORIZE_INTERVAL = 60_000;

/** Topics whose last removed entry a log in memory remembers; the others share one mark. */
export const MAX_TRIM_MARKS = 10_000;
