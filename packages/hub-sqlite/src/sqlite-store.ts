import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Appended,
  type CursorFacts,
  entrySize,
  formatCursor,
  isSameEntry,
  type LogEntry,
  type NewEntry,
  type Page,
  type Position,
  parseCursor,
  type Resolution,
  type Retention,
  refusedByEnds,
  resolveCursor,
} from "@ssekit/hub";
import { MAX_SQLITE_MARKS } from "./defaults.ts";
import { createTables } from "./open-database.ts";

/** What a store keeps, and by what clock. */
export interface StoreOptions extends Retention {
  readonly maxCount: number;
  readonly clock: () => number;
}

/** The one row of the table `log`. */
interface State {
  readonly epoch: string;
  headN: number;
  headTag: number;
  floorN: number;
  floorTag: number;
  /** What the kept entries take. */
  size: number;
  /** The highest mark of a topic that was let go. */
  forgottenN: number;
  forgottenTag: number;
}

interface EntryRow {
  readonly n: number;
  readonly tag: number;
  readonly id: string | null;
  readonly bytes: number;
  readonly size: number;
  readonly body: string;
}

/** Where an entry was that is gone. */
type Mark = Pick<EntryRow, "n" | "tag">;

type Body = Pick<NewEntry, "topics" | "private" | "key" | "end" | "event">;

/** How many entries retention looks at, and a page measures, at a time. */
const BATCH = 256;

/** The log in some tables of a database: each method is one transaction, and throws what SQLite throws. */
export class SqliteStore {
  readonly #database: DatabaseSync;
  /** How the names of its tables begin: `@` in the text of a statement. */
  readonly #prefix: string;
  readonly #options: StoreOptions;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, options: StoreOptions, prefix = "") {
    this.#database = database;
    this.#options = options;
    this.#prefix = prefix;
  }

  /** Another log in the same file. */
  companion(name: string, retention: Retention): SqliteStore {
    const prefix = `${this.#prefix}${name}_`;
    this.#transaction("IMMEDIATE", () => createTables(this.#database, prefix));
    return new SqliteStore(
      this.#database,
      { ...this.#options, maxCount: Number.POSITIVE_INFINITY, ...retention },
      prefix,
    );
  }

  /** Differs from what it was once another process has committed. */
  get version(): number {
    return (this.#sql("PRAGMA data_version").get() as { data_version: number }).data_version;
  }

  get head(): Position {
    return headOf(this.#state());
  }

  get floor(): Position {
    return floorOf(this.#state());
  }

  append(entries: readonly NewEntry[]): Appended[] {
    return this.#transaction("IMMEDIATE", () => {
      const state = this.#state();
      const now = this.#options.clock();
      const appended = entries.map((entry) => this.#append(entry, { state, now }));
      this.#trim(state, now);
      this.#save(state);
      return appended;
    });
  }

  /** Applies retention by age, if anything is due: no timer does it. */
  retain(): void {
    const now = this.#options.clock();
    if (!this.#isDue(this.#state(), now)) return;
    this.#transaction("IMMEDIATE", () => {
      const state = this.#state();
      this.#trim(state, now);
      this.#save(state);
    });
  }

  resolve(cursor: string): Resolution {
    return this.#transaction("DEFERRED", () => resolveCursor(cursor, this.#factsOf(this.#state())));
  }

  find(id: string): Position | undefined {
    return this.#transaction("DEFERRED", () => {
      const row = this.#byId(id);
      return row && { n: row.n, cursor: formatCursor({ epoch: this.#state().epoch, n: row.n, tag: row.tag }) };
    });
  }

  ends(topics: readonly string[]): (Position | undefined)[] {
    return this.#transaction("DEFERRED", () => this.#endsOf(topics, this.#state().epoch));
  }

  /** Fetched whole: an open read transaction would keep the write-ahead log from being copied back (HUB A8). */
  page(after: Position, maxBytes: number): Page {
    return this.#transaction("DEFERRED", () => {
      const state = this.#state();
      // The file may have been replaced by an older copy: a position proves itself, as a reader's cursor does.
      const { position, gap } = resolveCursor(after.cursor, this.#factsOf(state));
      if (gap !== undefined && gap !== "expired") return { after: position, entries: [], next: position, gap };
      const last = this.#lastFitting(position.n, maxBytes);
      const rows = this.#sql("SELECT * FROM @entry WHERE n > ? AND n <= ? ORDER BY n").all(position.n, last);
      const entries = (rows as unknown as EntryRow[]).map((row) => entryOf(row, state.epoch));
      return { after: position, entries, next: entries.at(-1)?.position ?? position };
    });
  }

  trimmedAfter(topics: readonly string[] | undefined, cursor: string): boolean {
    const place = parseCursor(cursor);
    return this.#transaction("DEFERRED", () => {
      const { floorN, forgottenN, forgottenTag } = this.#state();
      if (place === undefined) return true;
      if (place.n >= floorN) return false;
      if (topics === undefined || isAfter({ n: forgottenN, tag: forgottenTag }, place)) return true;
      const mark = this.#sql("SELECT n, tag FROM @mark WHERE topic = ?");
      return topics.some((topic) => isAfter((mark.get(topic) as Mark | undefined) ?? { n: 0, tag: 0 }, place));
    });
  }

  close(): void {
    this.#database.close();
  }

  #append(entry: NewEntry, { state, now }: { state: State; now: number }): Appended {
    const earlier = entry.id === undefined ? undefined : this.#byId(entry.id);
    if (earlier !== undefined) {
      const { position, ...first } = entryOf(earlier, state.epoch);
      return { cursor: position.cursor, outcome: isSameEntry(first, entry) ? "repeated" : "conflict" };
    }
    const refused = refusedByEnds(entry, this.#endsOf(entry.topics, state.epoch));
    if (refused !== undefined) return refused;
    state.headN += 1;
    // A clock that was set back must not make tags decrease.
    state.headTag = Math.max(state.headTag, now);
    const size = entrySize(entry);
    const { topics, private: granted, key, end, event } = entry;
    const body: Body = { topics, private: granted, key, end, event };
    const insert = this.#sql("INSERT INTO @entry (n, tag, id, bytes, size, body) VALUES (?, ?, ?, ?, ?, ?)");
    insert.run(state.headN, state.headTag, entry.id ?? null, entry.bytes, size, JSON.stringify(body));
    state.size += size;
    if (end) {
      const set = this.#sql("INSERT OR REPLACE INTO @ending VALUES (?, ?, ?)");
      for (const topic of topics) set.run(topic, state.headN, state.headTag);
    }
    return { cursor: headOf(state).cursor, outcome: "appended" };
  }

  #isDue({ headN, headTag, floorN, size }: State, now: number): boolean {
    const { maxBytes, maxCount, maxAge } = this.#options;
    if (headN - floorN <= 1) return false;
    if (size > maxBytes || headN - floorN > maxCount) return true;
    if (headTag === 0) return false;
    const oldest = this.#sql("SELECT tag FROM @entry ORDER BY n LIMIT 1").get() as { tag: number } | undefined;
    return oldest !== undefined && oldest.tag <= now - maxAge;
  }

  /** Retention: oldest first, never the newest. */
  #trim(state: State, now: number): void {
    const marks = new Map<string, Mark>();
    const before = state.floorN;
    while (this.#isDue(state, now)) {
      const rows = this.#sql("SELECT * FROM @entry ORDER BY n LIMIT ?").all(BATCH) as unknown as EntryRow[];
      const from = state.floorN;
      for (const row of rows) {
        if (!this.#outlived(row, { state, now })) break;
        state.floorN = row.n;
        state.floorTag = row.tag;
        state.size -= row.size;
        for (const topic of (JSON.parse(row.body) as Body).topics) marks.set(topic, row);
      }
      if (state.floorN === from) break;
      this.#sql("DELETE FROM @entry WHERE n <= ?").run(state.floorN);
    }
    if (state.floorN === before) return;
    this.#sql("DELETE FROM @ending WHERE n <= ?").run(state.floorN);
    const set = this.#sql("INSERT OR REPLACE INTO @mark VALUES (?, ?, ?)");
    for (const [topic, { n, tag }] of marks) set.run(topic, n, tag);
    this.#forget(state);
  }

  #outlived(row: EntryRow, { state, now }: { state: State; now: number }): boolean {
    const { maxBytes, maxCount, maxAge } = this.#options;
    if (row.n === state.headN) return false;
    return state.size > maxBytes || state.headN - state.floorN > maxCount || row.tag <= now - maxAge;
  }

  /** Lets the oldest marks go, a tenth at once: whoever stood before them may get a false gap, and never none. */
  #forget(state: State): void {
    const { count } = this.#sql("SELECT count(*) AS count FROM @mark").get() as { count: number };
    if (count <= MAX_SQLITE_MARKS) return;
    const kept = Math.floor(MAX_SQLITE_MARKS * 0.9);
    const last = this.#sql("SELECT n, tag FROM @mark ORDER BY n LIMIT 1 OFFSET ?").get(
      count - kept - 1,
    ) as unknown as Mark;
    this.#sql("DELETE FROM @mark WHERE n <= ?").run(last.n);
    state.forgottenN = last.n;
    state.forgottenTag = last.tag;
  }

  /** The last position after `n` up to which entries fit in `maxBytes`, one at least. */
  #lastFitting(n: number, maxBytes: number): number {
    let last = n;
    let bytes = 0;
    while (true) {
      const rows = this.#sql("SELECT n, bytes FROM @entry WHERE n > ? ORDER BY n LIMIT ?").all(last, BATCH);
      for (const row of rows as unknown as EntryRow[]) {
        bytes += row.bytes;
        if (last > n && bytes > maxBytes) return last;
        last = row.n;
      }
      if (rows.length < BATCH) return last;
    }
  }

  #byId(id: string): EntryRow | undefined {
    return this.#sql("SELECT * FROM @entry WHERE id = ?").get(id) as EntryRow | undefined;
  }

  #endsOf(topics: readonly string[], epoch: string): (Position | undefined)[] {
    const end = this.#sql("SELECT n, tag FROM @ending WHERE topic = ?");
    return topics.map((topic) => {
      const row = end.get(topic) as Pick<EntryRow, "n" | "tag"> | undefined;
      return row && { n: row.n, cursor: formatCursor({ epoch, ...row }) };
    });
  }

  #factsOf(state: State): CursorFacts {
    const { epoch, headN, headTag, floorN, floorTag } = state;
    const tags = this.#sql("SELECT tag FROM @entry WHERE n = ?");
    return {
      epoch,
      head: { epoch, n: headN, tag: headTag },
      floor: { epoch, n: floorN, tag: floorTag },
      tagAt: (n) => (tags.get(n) as { tag: number } | undefined)?.tag,
    };
  }

  #state(): State {
    return { ...(this.#sql("SELECT * FROM @log").get() as unknown as State) };
  }

  #save({ headN, headTag, floorN, floorTag, size, forgottenN, forgottenTag }: State): void {
    const update =
      "UPDATE @log SET headN = ?, headTag = ?, floorN = ?, floorTag = ?, size = ?, forgottenN = ?, forgottenTag = ?";
    this.#sql(update).run(headN, headTag, floorN, floorTag, size, forgottenN, forgottenTag);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text.replaceAll("@", this.#prefix));
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #transaction<T>(mode: "DEFERRED" | "IMMEDIATE", work: () => T): T {
    this.#database.exec(`BEGIN ${mode}`);
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      try {
        this.#database.exec("ROLLBACK");
      } catch {
        // SQLite has rolled it back itself, as it does when the disk is full.
      }
      throw error;
    }
  }
}

/** Whether one place is after another: by their tags, for that may be of a history which an older copy has replaced. */
function isAfter(one: Mark, other: Mark): boolean {
  return one.tag > other.tag || (one.tag === other.tag && one.n > other.n);
}

function headOf({ epoch, headN: n, headTag: tag }: State): Position {
  return { n, cursor: formatCursor({ epoch, n, tag }) };
}

function floorOf({ epoch, floorN: n, floorTag: tag }: State): Position {
  return { n, cursor: formatCursor({ epoch, n, tag }) };
}

function entryOf({ n, tag, id, bytes, body }: EntryRow, epoch: string): LogEntry {
  const position = { n, cursor: formatCursor({ epoch, n, tag }) };
  const { key, ...kept } = JSON.parse(body) as Body;
  return { ...kept, id: id ?? undefined, key, bytes, position };
}
