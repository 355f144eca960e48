/** A place in a log: before the first entry, or just after one. */
export interface Position {
  /** How many entries were ever appended up to here; dense, and never given out twice in one history. */
  readonly n: number;
  /**
   * The same place as text, opaque outside the log that made it: visible ASCII without `~` or a byte that costs a CORS
   * preflight, at most 56 bytes, beginning with `#`. It carries what the log needs to prove it.
   */
  readonly cursor: string;
}

/** What a log keeps of an event: plain text and numbers, which any store can hold. */
export interface LoggedEvent {
  /** Its type; `message` when absent. */
  readonly event?: string;
  /** Its data, as text. */
  readonly data?: string;
  /** A reconnection time, in milliseconds. */
  readonly retry?: number;
  /** Text that readers ignore. */
  readonly comment?: string;
}

/** What is appended. */
export interface NewEntry {
  /** To what the entry belongs; at least one, no duplicates. Text that means something to the hub alone. */
  readonly topics: readonly string[];
  /** Whether readers need a grant. */
  readonly private: boolean;
  /** The publisher's own id: it makes the append idempotent for as long as the log keeps the entry. */
  readonly id: string | undefined;
  /** What the entry is about, where a later one of the same key supersedes it; the log only keeps it. */
  readonly key: string | undefined;
  /** Whether it ends its topics: as long as the log keeps it, nothing but another end may be appended to them. */
  readonly end: boolean;
  /** What readers get of it. */
  readonly event: LoggedEvent;
  /** Size of the encoded event, in bytes: what retention and reads count. */
  readonly bytes: number;
}

/** One entry of a log. */
export interface LogEntry extends NewEntry {
  /** The place just after this entry. */
  readonly position: Position;
}

/** What became of one appended entry. */
export interface Appended {
  /** The cursor of the entry; otherwise of the earlier one that is the reason. */
  readonly cursor: string;
  /**
   * Judged in this order, in the same step as the append; only the last of them appends.
   * - `repeated`: the log keeps the same entry under this id.
   * - `conflict`: it keeps another one under it.
   * - `repeated`: an end, all of whose topics have ended.
   * - `ended`: no end, and one of its topics has ended. The cursor is that of the last such end.
   * - `appended`.
   */
  readonly outcome: "appended" | "repeated" | "conflict" | "ended";
}

/** Why delivery can't go on where a reader stands. Where it goes on instead: see {@linkcode Resolution}. */
export type GapReason = "expired" | "overrun" | "unknown" | "foreign" | "rolled-back" | "ahead" | "skipped";

/** What a log says of a cursor. */
export interface Resolution {
  /**
   * Where delivery goes on: where the cursor points; with `expired` the floor; with any other gap the head at this
   * moment.
   */
  readonly position: Position;
  /**
   * Why the cursor was not honoured, judged in this order: `unknown` (malformed or empty), `foreign` (another epoch),
   * `rolled-back` (the entry there has another tag), `ahead` (beyond the head); `expired`: entries after it are gone.
   */
  readonly gap: GapReason | undefined;
  /** With `expired`: where the cursor points. */
  readonly n: number | undefined;
}

/** What a log keeps: the newest entries that neither bound removes. */
export interface Retention {
  /** What the entries may take together, in bytes, as `entrySize` counts them. */
  readonly maxBytes: number;
  /** How long an entry is kept, in milliseconds. */
  readonly maxAge: number;
}

/** Entries of a log, in order. */
export interface Page {
  /** What the entries follow: the position that was asked for, unless entries after it are gone. */
  readonly after: Position;
  /** Their `n` are dense, from `after.n + 1`. */
  readonly entries: readonly LogEntry[];
  /** How far the log was scanned: the position of the last entry, `after` without one. */
  readonly next: Position;
  /** Why `after` is not what was asked for; `overrun` when absent. */
  readonly gap?: GapReason;
}

/**
 * The truth of a hub: an append-only sequence of entries. A driver keeps it in memory, a file or a store.
 *
 * Retention removes whole entries, oldest first, and never the newest. The *floor* is the position of the last entry
 * removed, the *head* that of the last one appended. All methods reject with an `EventStreamError` of code `closed`
 * once the log is closed, and `eventLogCases` of `@ssekit/hub/testing` checks a driver.
 */
export interface EventLog {
  /** Appends in order, and fulfils once the entries are as durable as the driver promises; no reader sees them before. */
  append(entries: readonly NewEntry[]): Promise<readonly Appended[]>;
  /** The head, from the store itself. */
  head(): Promise<Position>;
  /** The floor, from the store itself. */
  floor(): Promise<Position>;
  /** Where a cursor leads, judged by the store itself. */
  resolve(cursor: string): Promise<Resolution>;
  /** The position of the entry with this id, while the log keeps it. */
  find(id: string): Promise<Position | undefined>;
  /** For each topic the position of the last end of it that the log keeps, from the store itself. */
  ends(topics: readonly string[]): Promise<readonly (Position | undefined)[]>;
  /** Entries after a position: at least one if there is any, then as many as fit in `maxBytes`. */
  read(after: Position, maxBytes: number): Promise<Page>;
  /**
   * Durable entries after a position, as they come, until the signal aborts, which ends the loop without an error. A
   * driver that lost its connection proves its own position again before it goes on.
   */
  tail(after: Position, signal: AbortSignal): AsyncIterable<Page>;
  /**
   * Whether an entry after the cursor that may belong to one of the topics was removed; `undefined` asks for any topic.
   * It may say yes wrongly, for marks are bounded, and never says no wrongly: below the floor a cursor can't prove itself,
   * so where the store may have lost history, an entry of a younger tag counts as after it, whatever its `n`.
   */
  trimmedAfter(topics: readonly string[] | undefined, cursor: string): Promise<boolean>;
  /**
   * Another log in the same store, for what must not push events out of this one: with positions, epoch, ids, ends and
   * retention of its own. All who name it in this store, from whatever process, get the same log; a process's first call
   * says what it keeps.
   *
   * @param name 1 to 20 lower-case letters; a driver throws a `TypeError` for any other
   */
  companion(name: string, retention: Retention): EventLog;
  /** Ends all tails, frees what the driver holds, and closes the companions. A companion may be closed alone. */
  close(): Promise<void>;
}
