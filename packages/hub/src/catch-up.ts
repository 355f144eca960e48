import type { Connection } from "./connection.ts";
import type { GapReason, Position } from "./event-log.ts";
import type { HubCounters } from "./hub-counters.ts";
import type { HubEntry } from "./hub-entry.ts";
import { encodeCursorEvent } from "./hub-events.ts";
import type { SharedWrites } from "./shared-writes.ts";
import { skipAhead } from "./skip-ahead.ts";

/** A stretch of the log, as this node delivers it. */
export interface Scan {
  /** Why `after` is not where the connection stood, if that may have cost it something. */
  readonly gap: GapReason | undefined;
  readonly after: Position;
  readonly entries: readonly HubEntry[];
  readonly next: Position;
}

/** Where a connection that is behind gets its entries. */
export interface CatchUpSource {
  /** How far this node has followed the log. */
  readonly tail: Position;
  /** The time, in milliseconds. */
  readonly now: number;
  readonly counters: HubCounters;
  readonly writes: SharedWrites;
  /** The entries after the connection's cursor, from memory if they are all there, else from the log. */
  scan(connection: Connection, cursor: Position): Scan | Promise<Scan>;
  /** Has this connection caught up again when the tail has moved. */
  wait(connection: Connection): void;
}

/**
 * Brings a connection to the tail, at its reader's pace: a resumed one and one that was blocked alike. Returns when it
 * is live, has closed, or stands ahead of this node.
 *
 * Whatever is decided is decided without an `await` between the look at the tail and the state it leads to, so nothing
 * can come between.
 */
export async function catchUp(connection: Connection, source: CatchUpSource): Promise<void> {
  while (connection.cursor !== undefined && !connection.closed) {
    const { cursor } = connection;
    if (cursor.cursor === source.tail.cursor) return goLive(connection, cursor);
    if (cursor.n > source.tail.n && !connection.doubted) return waitForMore(connection, source);
    const pending = source.scan(connection, cursor);
    const scan = pending instanceof Promise ? await pending : pending;
    if (connection.closed) return;
    if (connection.lag.skips && scan.gap === undefined && connection.writable && cursor.n >= connection.lookedAt) {
      const skipped = await skipAhead(connection, scan, source);
      if (skipped === "blocked" && !(await becomesReady(connection))) return source.wait(connection);
      if (skipped !== "not needed") continue;
    }
    if (!take(connection, scan, source.writes)) {
      if (!(await becomesReady(connection))) return source.wait(connection);
      continue;
    }
    connection.doubted = false;
    // The store has nothing more, and yet the tail is elsewhere: in a history that the store has lost, as the tail will
    // hear. To ask again before it does would be a spin.
    const { tail } = source;
    if (scan.next.cursor === cursor.cursor && cursor.cursor !== tail.cursor) return waitForMore(connection, source);
  }
}

/** It is owed nothing until the tail moves, so its policy counts from then on. */
function waitForMore(connection: Connection, source: CatchUpSource): void {
  connection.owedSince = Number.POSITIVE_INFINITY;
  source.wait(connection);
}

/**
 * Whether it can take something now. What comes while it waits may be too much for it, so its policy looks anew.
 *
 * Something else may have filled the sink again before this goes on, and then its next `ready` is waited for. One whose
 * `ready` means nothing is left until the tail moves or its heartbeat finds it empty: to ask on would be a spin.
 */
async function becomesReady(connection: Connection): Promise<boolean> {
  connection.lookedAt = -1;
  await connection.ready;
  if (!connection.writable && !connection.closed) await connection.ready;
  return connection.writable || connection.closed;
}

/** Whether the reader took what it gets of this stretch; if not, its cursor is just before what it owes. */
function take(connection: Connection, { gap, after, entries, next }: Scan, writes: SharedWrites): boolean {
  if (gap !== undefined) {
    if (!connection.writable) return false;
    connection.tellGap({ reason: gap, position: after, since: connection.cursor?.n });
  }
  connection.cursor = after;
  const wanted = entries.filter((entry) => connection.filter.wants(entry));
  for (const write of writes.of(wanted)) {
    // What it doesn't want is behind it even while it is blocked: retention of that costs it nothing (HUB B3).
    connection.cursor = write.before;
    if (!connection.writable) return false;
    connection.deliver(write);
    if (connection.closed) return true;
  }
  connection.cursor = next;
  return true;
}

/**
 * If the end matched nothing, the reader learns how far it was scanned. A blocked one is told by its next heartbeat: to
 * wait here would leave it behind with nothing owed.
 */
function goLive(connection: Connection, tail: Position): void {
  connection.cursor = undefined;
  connection.owedSince = Number.POSITIVE_INFINITY;
  connection.owedBytes = 0;
  if (connection.told !== tail.cursor && connection.writable) connection.write(encodeCursorEvent(tail), tail.cursor);
}
