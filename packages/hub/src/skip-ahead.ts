import type { CatchUpSource, Scan } from "./catch-up.ts";
import type { Connection } from "./connection.ts";
import type { Position } from "./event-log.ts";
import { endsOf, writesOf } from "./group.ts";
import type { HubEntry } from "./hub-entry.ts";

/** What a connection is owed, as far as its node knows. */
interface Owed {
  readonly bytes: number;
  /** How many events its policy skips; the end of a topic is none. */
  readonly skipped: number;
  /** What its policy leaves of it, in the order of the log. */
  readonly left: readonly HubEntry[];
  /** The topics that end in what it skips. */
  readonly skippedEnds: readonly string[];
  readonly end: Position;
}

/**
 * Lets the policy of a reader act: `not needed` when it is not that far behind, `done` when it took all that was left or
 * has closed, `blocked` when it can't take all of it now. What it skips is never held in memory: a reader that blocks
 * again stands before the first event that it was to get, and is looked at anew.
 */
export async function skipAhead(
  connection: Connection,
  first: Scan,
  source: CatchUpSource,
): Promise<"not needed" | "done" | "blocked"> {
  const owed = await lookAhead(connection, first, source);
  if (connection.closed) return "done";
  connection.lookedAt = owed.end.n;
  const isPassed = connection.lag.isPassedBy(owed.bytes, source.now - connection.owedSince);
  if (!isPassed || owed.skipped === 0) return "not needed";
  if (!connection.writable) return "blocked";
  if (connection.lag.whenBehind === "skip-to-latest") {
    connection.tellGap({ reason: "skipped", position: (owed.left[0] as HubEntry).before, since: first.after.n });
    source.counters.acted["skip-to-latest"] += 1;
    source.counters.skipped += owed.skipped;
  } else source.counters.acted["latest-per-key"] += 1;
  // Now, for one that blocks again is not looked at from here any more.
  connection.end(owed.skippedEnds);
  if (connection.closed) return "done";
  for (const write of writesOf(owed.left)) {
    connection.cursor = write.before;
    if (!connection.writable) return "blocked";
    connection.deliver(write);
    if (connection.closed) return "done";
  }
  connection.cursor = owed.end;
  return "done";
}

async function lookAhead(connection: Connection, first: Scan, source: CatchUpSource): Promise<Owed> {
  const onlyLatest = connection.lag.whenBehind === "skip-to-latest";
  /** A later entry of a key takes the place of the earlier one, at its own place in the order. */
  const left = new Map<unknown, HubEntry>();
  const ending: HubEntry[] = [];
  let bytes = 0;
  let skipped = 0;
  let scan = first;
  for (;;) {
    for (const entry of scan.entries) {
      if (!connection.filter.wants(entry)) continue;
      if (entry.end) ending.push(entry);
      // One without data is no event to its reader, and takes nothing's place.
      if (onlyLatest && !entry.hasId) continue;
      bytes += entry.bytes.length;
      const key = onlyLatest ? "" : ((entry.hasId ? entry.key : undefined) ?? entry);
      if (left.get(key)?.end === false) skipped += 1;
      left.delete(key);
      left.set(key, entry);
    }
    const { next } = scan;
    const isAll = next.n >= source.tail.n || scan.entries.length === 0;
    const following = isAll ? undefined : await source.scan(connection, next);
    // A loss is told where it is: only what comes before it is looked at now.
    if (following?.after.cursor !== next.cursor) {
      const kept = [...left.values()];
      const skippedEnds = endsOf(ending.filter((entry) => !kept.includes(entry)));
      return { bytes, skipped, left: kept, skippedEnds, end: next };
    }
    scan = following;
  }
}
