import type { NewEntry } from "./event-log.ts";

/** What an entry of a few bytes takes besides them, so that many small ones can't outgrow a bound unseen. */
const ENTRY_OVERHEAD = 256;

/**
 * What an entry takes in memory, in bytes, roughly: its event, topics, id and key, and 256. For drivers of
 * {@linkcode EventLog}, whose `maxBytes` counts it.
 *
 * @example
 * ```ts
 * const of = { private: false, id: undefined, key: undefined, end: false };
 * entrySize({ ...of, topics: ["news"], event: { data: "x" }, bytes: 9 }); // 269
 * ```
 */
export function entrySize(entry: NewEntry): number {
  return entry.topics.reduce(
    (size, topic) => size + topic.length,
    ENTRY_OVERHEAD + entry.bytes + (entry.id?.length ?? 0) + (entry.key?.length ?? 0),
  );
}
