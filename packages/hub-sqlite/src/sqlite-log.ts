import { setImmediate } from "node:timers";
import { EventStreamError } from "@ssekit/codec";
import {
  type Appended,
  checkedCompanionName,
  type EventLog,
  type NewEntry,
  type Page,
  type Position,
  type Resolution,
  type Retention,
} from "@ssekit/hub";
import { ChangeWatch } from "./change-watch.ts";
import {
  DEFAULT_SQLITE_LOCK_TIMEOUT,
  DEFAULT_SQLITE_MAX_AGE,
  DEFAULT_SQLITE_MAX_BYTES,
  DEFAULT_SQLITE_POLL_INTERVAL,
} from "./defaults.ts";
import { openDatabase } from "./open-database.ts";
import { sqliteError } from "./sqlite-error.ts";
import { SqliteStore } from "./sqlite-store.ts";

/** Options of {@linkcode sqliteLog}. */
export interface SqliteLogOptions {
  /** What the entries may take together, in bytes: their events, topics, ids and keys, and 256 each. Default: 256 MiB. */
  maxBytes?: number;
  /** How many entries are kept. Default: as many as the other bounds allow. */
  maxCount?: number;
  /** How long an entry is kept, in milliseconds. Default: 24 hours. */
  maxAge?: number;
  /**
   * What an acknowledged entry survives: `normal` the end of the process, however it ends, and `full` a power cut too, at
   * the price of one sync of the disk for all that a turn appends, during which the process stands still. Default:
   * `normal`; what a power cut then loses is told to readers by a gap, unless nobody had read it.
   */
  synchronous?: "normal" | "full";
  /** How often to look for what other processes appended, in milliseconds. Default: 20. */
  pollInterval?: number;
  /** How long to wait for another process's lock, in milliseconds; the process stands still meanwhile. Default: 1 s. */
  lockTimeout?: number;
  /** Gives the time in milliseconds. Default: `Date.now`. */
  clock?: () => number;
}

/** A tail gives pages of this size, so that one batch can't hold much of the log. */
const TAIL_PAGE_BYTES = 256 * 1024;

/**
 * A log in a SQLite file, by the runtime's own `node:sqlite` (Node ≥ 22.13, Deno, Bun). Several processes of one machine
 * may open the same file: each is told what the others appended. Not for files on a network's disk.
 *
 * All that is appended in one turn is committed together, and seen by no reader before. Its methods reject with an
 * `EventStreamError` of code `log-unavailable` when the file can't be used; no part of that turn is acknowledged then.
 *
 * @param path the file, which is created if it is missing; `:memory:` for none
 * @throws {RangeError} for a bound that is not above 0.
 * @throws {EventStreamError} of code `log-unavailable` when the file can't be opened, or is not a log of this version.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { sqliteLog } from "@ssekit/hub-sqlite";
 *
 * const hub = createHub({ log: sqliteLog("events.db", { maxAge: 3_600_000, synchronous: "full" }) });
 * ```
 */
export function sqliteLog(path: string, options: SqliteLogOptions = {}): EventLog {
  const {
    maxBytes = DEFAULT_SQLITE_MAX_BYTES,
    maxCount = Number.POSITIVE_INFINITY,
    maxAge = DEFAULT_SQLITE_MAX_AGE,
    synchronous = "normal",
    pollInterval = DEFAULT_SQLITE_POLL_INTERVAL,
    lockTimeout = DEFAULT_SQLITE_LOCK_TIMEOUT,
    clock = Date.now,
  } = options;
  for (const [name, value] of Object.entries({ maxBytes, maxCount, maxAge, pollInterval })) {
    if (!(value > 0)) throw new RangeError(`Cannot open a log with ${name} ${value}: give a number above 0`);
  }
  const database = openDatabase(path, { synchronous, lockTimeout });
  const store = new SqliteStore(database, { maxBytes, maxCount, maxAge, clock });
  const version = (): number => attempt("read", path, () => store.version);
  return new SqliteLog({ path, store, changes: new ChangeWatch({ version, interval: pollInterval }) });
}

/** What a log works on; a companion shares the file, and the look at its changes. */
interface SqliteLogInit {
  readonly path: string;
  readonly store: SqliteStore;
  readonly changes: ChangeWatch;
  /** Closes the file; a companion leaves that to the log that it belongs to. */
  readonly isCompanion?: boolean;
}

/** What one call of `append` waits for. */
interface Waiting {
  readonly entries: readonly NewEntry[];
  readonly resolve: (appended: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
}

class SqliteLog implements EventLog {
  readonly #path: string;
  readonly #store: SqliteStore;
  readonly #changes: ChangeWatch;
  readonly #isCompanion: boolean;
  readonly #companions = new Map<string, SqliteLog>();
  /** What this turn appends. */
  #group: Waiting[] = [];
  #closed = false;

  constructor({ path, store, changes, isCompanion = false }: SqliteLogInit) {
    this.#path = path;
    this.#store = store;
    this.#changes = changes;
    this.#isCompanion = isCompanion;
  }

  append(entries: readonly NewEntry[]): Promise<readonly Appended[]> {
    return new Promise((resolve, reject) => {
      this.#refuseWhenClosed();
      if (this.#group.length === 0) setImmediate(() => this.#commit());
      this.#group.push({ entries, resolve, reject });
    });
  }

  async head(): Promise<Position> {
    return this.#read((store) => store.head);
  }

  async floor(): Promise<Position> {
    return this.#read((store) => store.floor);
  }

  async resolve(cursor: string): Promise<Resolution> {
    return this.#read((store) => store.resolve(cursor));
  }

  async find(id: string): Promise<Position | undefined> {
    return this.#read((store) => store.find(id));
  }

  async ends(topics: readonly string[]): Promise<readonly (Position | undefined)[]> {
    return this.#read((store) => store.ends(topics));
  }

  async read(after: Position, maxBytes: number): Promise<Page> {
    return this.#read((store) => store.page(after, maxBytes));
  }

  async *tail(after: Position, signal: AbortSignal): AsyncGenerator<Page> {
    let position = after;
    while (!this.#closed && !signal.aborted) {
      const page = this.#try("read", () => this.#store.page(position, TAIL_PAGE_BYTES));
      if (page.next.cursor === position.cursor) {
        await this.#changes.change(signal);
        continue;
      }
      position = page.next;
      yield page;
    }
  }

  async trimmedAfter(topics: readonly string[] | undefined, cursor: string): Promise<boolean> {
    return this.#read((store) => store.trimmedAfter(topics, cursor));
  }

  companion(name: string, retention: Retention): EventLog {
    this.#refuseWhenClosed();
    let companion = this.#companions.get(checkedCompanionName(name));
    if (companion === undefined) {
      const store = this.#try("open", () => this.#store.companion(name, retention));
      companion = new SqliteLog({ path: this.#path, store, changes: this.#changes, isCompanion: true });
      this.#companions.set(name, companion);
    }
    return companion;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#commit();
    this.#closed = true;
    for (const companion of this.#companions.values()) await companion.close();
    this.#changes.wake();
    if (!this.#isCompanion) this.#try("close", () => this.#store.close());
  }

  /** One transaction for all that the turn appended: all of it is acknowledged, or none. */
  #commit(): void {
    const group = this.#group;
    if (group.length === 0) return;
    this.#group = [];
    try {
      const appended = this.#try("append to", () => this.#store.append(group.flatMap(({ entries }) => entries)));
      let first = 0;
      for (const { entries, resolve } of group) {
        resolve(appended.slice(first, first + entries.length));
        first += entries.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    this.#changes.wake();
  }

  #read<T>(use: (store: SqliteStore) => T): T {
    this.#refuseWhenClosed();
    return this.#try("read", () => {
      this.#store.retain();
      return use(this.#store);
    });
  }

  #try<T>(action: string, work: () => T): T {
    return attempt(action, this.#path, work);
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new EventStreamError("closed", "Cannot use the log: it is closed; open a new one");
  }
}

function attempt<T>(action: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteError(action, path, error);
  }
}
