import { EventStreamError } from "@ssekit/codec";
import { checkedCompanionName } from "./companion-name.ts";
import { type CursorParts, formatCursor, parseCursor, resolveCursor } from "./cursor.ts";
import { DEFAULT_LOG_MAX_AGE, DEFAULT_LOG_MAX_BYTES, MAX_TRIM_MARKS } from "./defaults.ts";
import { entrySize } from "./entry-size.ts";
import type { Appended, EventLog, LogEntry, NewEntry, Page, Position, Resolution, Retention } from "./event-log.ts";
import { isSameEntry } from "./is-same-entry.ts";
import { randomEpoch } from "./random-epoch.ts";
import { refusedByEnds } from "./refused-by-ends.ts";
import { TrimMarks } from "./trim-marks.ts";

/** Options of {@linkcode memoryLog}. */
export interface MemoryLogOptions {
  /** What the entries may take together, in bytes: their events, topics, ids and keys, and 256 each. Default: 16 MiB. */
  maxBytes?: number;
  /** How long an entry is kept, in milliseconds. Default: 5 minutes. */
  maxAge?: number;
  /** Names this history, 1 to 20 ASCII letters and digits. Default: random, so that no other log's cursor fits. */
  epoch?: string;
  /** Gives the time in milliseconds. Default: `Date.now`. */
  clock?: () => number;
}

/** A tail gives pages of this size, so that one batch can't hold much of the log. */
const TAIL_PAGE_BYTES = 256 * 1024;

/**
 * A log in the memory of this process. An acknowledged entry survives nothing but its readers: after a restart every
 * cursor is answered by a gap.
 *
 * @throws {RangeError} for a `maxBytes` or `maxAge` that is not above 0.
 * @throws {TypeError} for an `epoch` that is not 1 to 20 letters and digits.
 *
 * @example
 * ```ts
 * import { createHub, memoryLog } from "@ssekit/hub";
 *
 * const hub = createHub({ log: memoryLog({ maxBytes: 64 * 1024 * 1024, maxAge: 60_000 }) });
 * ```
 */
export function memoryLog(options: MemoryLogOptions = {}): EventLog {
  return new MemoryLog(options);
}

interface Kept {
  readonly entry: LogEntry;
  readonly tag: number;
}

class MemoryLog implements EventLog {
  readonly #maxBytes: number;
  readonly #maxAge: number;
  readonly #epoch: string;
  readonly #clock: () => number;
  /** Kept entries, from `#start`: those before it are removed, and cut off by the half. */
  #kept: (Kept | undefined)[] = [];
  #start = 0;
  #bytes = 0;
  readonly #byId = new Map<string, LogEntry>();
  /** The last end of each topic, as long as it is kept. */
  readonly #ends = new Map<string, LogEntry>();
  readonly #companions = new Map<string, MemoryLog>();
  readonly #marks = new TrimMarks(MAX_TRIM_MARKS);
  #floor: CursorParts;
  #head: CursorParts;
  #headPosition: Position | undefined;
  #closed = false;
  /** Wakes the tails that wait. */
  readonly #waiting = new Set<() => void>();

  constructor(options: MemoryLogOptions) {
    const {
      maxBytes = DEFAULT_LOG_MAX_BYTES,
      maxAge = DEFAULT_LOG_MAX_AGE,
      epoch = randomEpoch(),
      clock = Date.now,
    } = options;
    if (!(maxBytes > 0)) throw new RangeError(`Cannot create a log with maxBytes ${maxBytes}: give a number above 0`);
    if (!(maxAge > 0)) throw new RangeError(`Cannot create a log with maxAge ${maxAge}: give a number above 0`);
    if (!/^[0-9A-Za-z]{1,20}$/.test(epoch)) {
      throw new TypeError(`Cannot create a log with epoch ${JSON.stringify(epoch)}: give 1 to 20 letters and digits`);
    }
    this.#maxBytes = maxBytes;
    this.#maxAge = maxAge;
    this.#epoch = epoch;
    this.#clock = clock;
    this.#floor = { epoch, n: 0, tag: 0 };
    this.#head = this.#floor;
  }

  async append(entries: readonly NewEntry[]): Promise<readonly Appended[]> {
    this.#refuseWhenClosed();
    const appended = entries.map((entry) => this.#append(entry));
    this.#trim();
    this.#wakeTails();
    return appended;
  }

  async head(): Promise<Position> {
    this.#refuseWhenClosed();
    // Kept, for very many connections may come and stand at one place.
    this.#headPosition ??= positionOf(this.#head);
    return this.#headPosition;
  }

  async floor(): Promise<Position> {
    this.#refuseWhenClosed();
    this.#trim();
    return positionOf(this.#floor);
  }

  async resolve(cursor: string): Promise<Resolution> {
    this.#refuseWhenClosed();
    this.#trim();
    const tagAt = (n: number): number | undefined => this.#at(n)?.tag;
    return resolveCursor(cursor, { epoch: this.#epoch, floor: this.#floor, head: this.#head, tagAt });
  }

  async find(id: string): Promise<Position | undefined> {
    this.#refuseWhenClosed();
    this.#trim();
    return this.#byId.get(id)?.position;
  }

  async ends(topics: readonly string[]): Promise<readonly (Position | undefined)[]> {
    this.#refuseWhenClosed();
    this.#trim();
    return topics.map((topic) => this.#ends.get(topic)?.position);
  }

  async read(after: Position, maxBytes: number): Promise<Page> {
    this.#refuseWhenClosed();
    this.#trim();
    return this.#page(after, maxBytes);
  }

  async *tail(after: Position, signal: AbortSignal): AsyncGenerator<Page> {
    let position = after;
    while (!this.#closed && !signal.aborted) {
      if (position.n === this.#head.n) {
        await this.#change(signal);
        continue;
      }
      const page = this.#page(position, TAIL_PAGE_BYTES);
      position = page.next;
      yield page;
    }
  }

  async trimmedAfter(topics: readonly string[] | undefined, cursor: string): Promise<boolean> {
    this.#refuseWhenClosed();
    this.#trim();
    // Memory loses no history, so tags say nothing that positions don't.
    const { n } = parseCursor(cursor) ?? { n: 0 };
    return n < this.#floor.n && (topics === undefined || this.#marks.isAfter(topics, n));
  }

  companion(name: string, retention: Retention): EventLog {
    this.#refuseWhenClosed();
    const companion = this.#companions.get(name) ?? new MemoryLog({ ...retention, clock: this.#clock });
    this.#companions.set(checkedCompanionName(name), companion);
    return companion;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#kept = [];
    this.#byId.clear();
    this.#ends.clear();
    this.#wakeTails();
    for (const companion of this.#companions.values()) await companion.close();
  }

  #append(entry: NewEntry): Appended {
    const earlier = entry.id === undefined ? undefined : this.#byId.get(entry.id);
    if (earlier !== undefined) {
      const outcome = isSameEntry(earlier, entry) ? "repeated" : "conflict";
      return { cursor: earlier.position.cursor, outcome };
    }
    const ends = entry.topics.map((topic) => this.#ends.get(topic)?.position);
    const refused = refusedByEnds(entry, ends);
    if (refused !== undefined) return refused;
    // A clock that was set back must not make tags decrease.
    this.#head = { epoch: this.#epoch, n: this.#head.n + 1, tag: Math.max(this.#head.tag, this.#clock()) };
    this.#headPosition = positionOf(this.#head);
    const logged: LogEntry = { ...entry, position: this.#headPosition };
    this.#kept.push({ entry: logged, tag: this.#head.tag });
    this.#bytes += entrySize(logged);
    if (entry.id !== undefined) this.#byId.set(entry.id, logged);
    if (entry.end) for (const topic of entry.topics) this.#ends.set(topic, logged);
    return { cursor: logged.position.cursor, outcome: "appended" };
  }

  /** Retention: oldest first, never the newest. Done whenever the log is asked, so that it needs no timer. */
  #trim(): void {
    const oldest = this.#clock() - this.#maxAge;
    while (this.#start < this.#kept.length - 1) {
      const { entry, tag } = this.#kept[this.#start] as Kept;
      if (this.#bytes <= this.#maxBytes && tag > oldest) break;
      this.#kept[this.#start] = undefined;
      this.#start += 1;
      this.#bytes -= entrySize(entry);
      if (entry.id !== undefined) this.#byId.delete(entry.id);
      if (entry.end) this.#forgetEnd(entry);
      this.#marks.set(entry.topics, entry.position.n);
      this.#floor = { epoch: this.#epoch, n: entry.position.n, tag };
    }
    // Cutting only once half is empty keeps the cost per entry constant.
    if (this.#start > this.#kept.length / 2) {
      this.#kept = this.#kept.slice(this.#start);
      this.#start = 0;
    }
  }

  #forgetEnd(entry: LogEntry): void {
    for (const topic of entry.topics) if (this.#ends.get(topic) === entry) this.#ends.delete(topic);
  }

  #at(n: number): Kept | undefined {
    return this.#kept[this.#start + n - this.#floor.n - 1];
  }

  #page(after: Position, maxBytes: number): Page {
    const from = after.n < this.#floor.n ? positionOf(this.#floor) : after;
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (let n = from.n + 1; n <= this.#head.n; n += 1) {
      const { entry } = this.#at(n) as Kept;
      bytes += entry.bytes;
      if (entries.length > 0 && bytes > maxBytes) break;
      entries.push(entry);
    }
    return { after: from, entries, next: entries.at(-1)?.position ?? from };
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  #wakeTails(): void {
    for (const wake of this.#waiting) wake();
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new EventStreamError("closed", "Cannot use the log: it is closed; open a new one");
  }
}

function positionOf(parts: CursorParts): Position {
  return { n: parts.n, cursor: formatCursor(parts) };
}
