import type { Appended, NewEntry, Position } from "./event-log.ts";

/**
 * What an append is answered whose topics have ended; `undefined` when it may go on. For drivers of
 * {@linkcode EventLog}, once the id was looked up.
 *
 * @param ends for each of the entry's topics the position of its last kept end
 *
 * @example
 * ```ts
 * const entry = { topics: ["a"], private: false, id: undefined, key: undefined, event: { data: "x" }, bytes: 9 };
 * refusedByEnds({ ...entry, end: false }, [{ n: 7, cursor: "#k-7-1" }]); // { cursor: "#k-7-1", outcome: "ended" }
 * refusedByEnds({ ...entry, end: true }, [{ n: 7, cursor: "#k-7-1" }]); // { cursor: "#k-7-1", outcome: "repeated" }
 * refusedByEnds({ ...entry, end: true }, [undefined]); // undefined
 * ```
 */
export function refusedByEnds(entry: NewEntry, ends: readonly (Position | undefined)[]): Appended | undefined {
  const kept = ends.filter((end) => end !== undefined).sort((a, b) => a.n - b.n);
  const last = kept.at(-1);
  if (last === undefined || (entry.end && kept.length < ends.length)) return undefined;
  return { cursor: last.cursor, outcome: entry.end ? "repeated" : "ended" };
}
