import type { NewEntry } from "./event-log.ts";

/**
 * Whether a second append under one id is a repeat of the first: the same event to the same topics, in any order. For
 * drivers of {@linkcode EventLog}, which refuse any other.
 *
 * @example
 * ```ts
 * const entry = {
 *   topics: ["a", "b"], private: false, id: "1", key: undefined, end: false, event: { data: "x" }, bytes: 9,
 * };
 * isSameEntry(entry, { ...entry, topics: ["b", "a"] }); // true
 * isSameEntry(entry, { ...entry, event: { data: "y" } }); // false
 * ```
 */
export function isSameEntry(a: NewEntry, b: NewEntry): boolean {
  return (
    a.private === b.private &&
    a.key === b.key &&
    a.end === b.end &&
    a.topics.length === b.topics.length &&
    a.topics.every((topic) => b.topics.includes(topic)) &&
    a.event.event === b.event.event &&
    a.event.data === b.event.data &&
    a.event.retry === b.event.retry &&
    a.event.comment === b.event.comment
  );
}
