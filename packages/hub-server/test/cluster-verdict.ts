import type { DispatchedEvent } from "@ssekit/codec";
import { type LogEntry, parseCursor } from "@ssekit/hub";

/** What a run of a cluster showed; the lists hold some of what was wrong, as text. */
export interface ClusterVerdict {
  readonly seed: number;
  readonly published: number;
  readonly deliveries: number;
  /** Matching events of the log that a reader neither got nor was told of. */
  readonly lost: number;
  /** Events that a reader got twice. */
  readonly repeated: number;
  /** Events that a reader got after later ones. */
  readonly reordered: number;
  /** Gaps told to a reader whose cursor the log still proves. */
  readonly falseGaps: number;
  readonly gaps: number;
  /** Events that are in the log twice. */
  readonly appendedTwice: number;
  /** Acknowledged cursors that the log doesn't hold; only a restored copy may take any. */
  readonly takenBack: number;
}

/** What is judged. */
export interface ClusterRun {
  readonly seed: number;
  /** The whole log at the end, from its first entry. */
  readonly log: readonly LogEntry[];
  /** The place before its first entry. */
  readonly start: string;
  readonly acknowledged: readonly string[];
  readonly readers: readonly { readonly topics: readonly string[]; readonly received: readonly DispatchedEvent[] }[];
}

/** Compares what each reader got with the log. */
export function judge({ seed, log, start, acknowledged, readers }: ClusterRun): ClusterVerdict {
  const kept = new Map(log.map((entry) => [entry.position.cursor, entry.position.n]));
  const counts = { deliveries: 0, lost: 0, repeated: 0, reordered: 0, falseGaps: 0, gaps: 0 };
  for (const { topics, received } of readers) {
    const wanted = log.filter((entry) => entry.topics.some((topic) => topics.includes(topic)));
    const seen = new Set<string>();
    /** How far the log as it is now was accounted for. */
    let done: number | undefined;
    let last = start;
    for (const { type, lastEventId } of received) {
      // After a loss it has a mark, which is no part of the place.
      const cursor = lastEventId.replace(/~.*$/, "");
      const n = kept.get(cursor) ?? 0;
      if (type === "ssekit.cursor") {
        done ??= parseCursor(cursor)?.n ?? 0;
      } else if (type === "ssekit.gap") {
        counts.gaps += 1;
        if (kept.has(last) || last === start) counts.falseGaps += 1;
        done = parseCursor(cursor)?.n ?? 0;
      } else {
        counts.deliveries += 1;
        if (seen.has(cursor)) counts.repeated += 1;
        else if (n > 0 && n <= (done ?? 0)) counts.reordered += 1;
        else if (n > 0)
          counts.lost += wanted.filter(({ position }) => position.n > (done ?? 0) && position.n < n).length;
        seen.add(cursor);
        if (n > 0) done = Math.max(done ?? 0, n);
      }
      last = cursor;
    }
    counts.lost += wanted.filter(({ position }) => position.n > (done ?? 0)).length;
  }
  const data = log.map(({ event }) => event.data);
  return {
    seed,
    published: acknowledged.length,
    ...counts,
    appendedTwice: data.length - new Set(data).size,
    takenBack: acknowledged.filter((cursor) => !kept.has(cursor)).length,
  };
}
