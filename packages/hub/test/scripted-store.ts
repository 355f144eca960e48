import { type CursorParts, formatCursor, parseCursor, type resolveCursor } from "../src/cursor.ts";
import { entrySize } from "../src/entry-size.ts";
import type {
  Appended,
  EventLog,
  LogEntry,
  NewEntry,
  Page,
  Position,
  Resolution,
  Retention,
} from "../src/event-log.ts";
import { isSameEntry } from "../src/is-same-entry.ts";
import { memoryLog } from "../src/memory-log.ts";
import { refusedByEnds } from "../src/refused-by-ends.ts";

/** Options of {@linkcode ScriptedStore}. */
export interface ScriptedStoreOptions {
  readonly maxBytes: number;
  readonly maxAge: number;
  /** How many topics have a trim mark of their own. */
  readonly maxMarks: number;
  readonly clock: () => number;
  /** How it judges a cursor. */
  readonly resolveCursor: typeof resolveCursor;
}

interface Kept {
  readonly entry: LogEntry;
  readonly parts: CursorParts;
}

/** All that the store holds; never changed, only replaced. */
interface State {
  readonly floor: CursorParts;
  readonly head: CursorParts;
  readonly kept: readonly Kept[];
  /** The last entry removed of each topic, the latest last. */
  readonly marks: readonly (readonly [topic: string, place: CursorParts])[];
  readonly forgotten: CursorParts;
}

/** What {@linkcode ScriptedStore.goBack} goes back to. */
export type Copy = State;

/**
 * A store as simple as can be, written against DESIGN.md and not against `memoryLog`: it can lose what it acknowledged,
 * by going back to an older copy or by forgetting everything.
 */
export class ScriptedStore implements EventLog {
  readonly #options: ScriptedStoreOptions;
  /** Memory's: what can go wrong with events is enough for one model. */
  readonly #companions: EventLog;
  #epochs = 0;
  #state: State;
  #wake: (() => void)[] = [];

  constructor(options: ScriptedStoreOptions) {
    this.#options = options;
    this.#companions = memoryLog({ clock: options.clock });
    this.#state = this.#empty();
  }

  copy(): Copy {
    return this.#state;
  }

  /** Holds what it held then: the same epoch, and positions that are given out again. */
  goBack(copy: Copy): Position {
    this.#change(copy);
    return positionOf(copy.head);
  }

  /** Holds nothing, under a new epoch. */
  wipe(): Position {
    this.#change(this.#empty());
    return positionOf(this.#state.head);
  }

  async append(entries: readonly NewEntry[]): Promise<readonly Appended[]> {
    const appended = entries.map((entry) => this.#append(entry));
    this.#trim();
    return appended;
  }

  async head(): Promise<Position> {
    return positionOf(this.#state.head);
  }

  async floor(): Promise<Position> {
    this.#trim();
    return positionOf(this.#state.floor);
  }

  async resolve(cursor: string): Promise<Resolution> {
    return this.#resolve(cursor);
  }

  async find(id: string): Promise<Position | undefined> {
    this.#trim();
    return this.#kept(id)?.position;
  }

  async ends(topics: readonly string[]): Promise<readonly (Position | undefined)[]> {
    this.#trim();
    return topics.map((topic) => this.#endOf(topic));
  }

  async read(after: Position, maxBytes: number): Promise<Page> {
    const { position, gap } = this.#resolve(after.cursor);
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (const { entry, parts } of this.#state.kept) {
      if (parts.n <= position.n) continue;
      bytes += entry.bytes;
      if (entries.length > 0 && bytes > maxBytes) break;
      entries.push(entry);
    }
    const page = { after: position, entries, next: entries.at(-1)?.position ?? position };
    return gap === undefined || gap === "expired" ? page : { ...page, gap };
  }

  async *tail(after: Position, signal: AbortSignal): AsyncGenerator<Page> {
    let position = after;
    while (!signal.aborted) {
      const changed = new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      const page = await this.read(position, 1000);
      if (page.next.cursor === position.cursor) {
        await changed;
        continue;
      }
      position = page.next;
      yield page;
    }
  }

  async trimmedAfter(topics: readonly string[] | undefined, cursor: string): Promise<boolean> {
    this.#trim();
    const { floor, marks, forgotten } = this.#state;
    const place = parseCursor(cursor) as CursorParts;
    if (topics === undefined) return isAfter(floor, place);
    return isAfter(forgotten, place) || marks.some(([topic, mark]) => isAfter(mark, place) && topics.includes(topic));
  }

  companion(name: string, retention: Retention): EventLog {
    return this.#companions.companion(name, retention);
  }

  async close(): Promise<void> {
    await this.#companions.close();
  }

  #kept(id: string | undefined): LogEntry | undefined {
    return this.#state.kept.find(({ entry }) => id !== undefined && entry.id === id)?.entry;
  }

  #endOf(topic: string): Position | undefined {
    return this.#state.kept.filter(({ entry }) => entry.end && entry.topics.includes(topic)).at(-1)?.entry.position;
  }

  #resolve(cursor: string): Resolution {
    this.#trim();
    const { head, floor, kept } = this.#state;
    const tagAt = (n: number): number | undefined => kept.find(({ parts }) => parts.n === n)?.parts.tag;
    return this.#options.resolveCursor(cursor, { epoch: head.epoch, floor, head, tagAt });
  }

  #append(entry: NewEntry): Appended {
    const { head, kept } = this.#state;
    const earlier = this.#kept(entry.id);
    if (earlier !== undefined) {
      return { cursor: earlier.position.cursor, outcome: isSameEntry(earlier, entry) ? "repeated" : "conflict" };
    }
    const refused = refusedByEnds(
      entry,
      entry.topics.map((topic) => this.#endOf(topic)),
    );
    if (refused !== undefined) return refused;
    const parts = { ...head, n: head.n + 1, tag: Math.max(head.tag, this.#options.clock()) };
    const position = positionOf(parts);
    this.#change({ ...this.#state, head: parts, kept: [...kept, { entry: { ...entry, position }, parts }] });
    return { cursor: position.cursor, outcome: "appended" };
  }

  #trim(): void {
    const { maxBytes, maxAge, maxMarks, clock } = this.#options;
    let { kept, floor, marks, forgotten } = this.#state;
    while (kept.length > 1) {
      const [oldest] = kept as [Kept, ...Kept[]];
      const bytes = kept.reduce((size, { entry }) => size + entrySize(entry), 0);
      if (bytes <= maxBytes && oldest.parts.tag > clock() - maxAge) break;
      kept = kept.slice(1);
      floor = oldest.parts;
      const { topics } = oldest.entry;
      marks = [
        ...marks.filter(([topic]) => !topics.includes(topic)),
        ...topics.map((topic) => [topic, oldest.parts] as const),
      ];
      for (const [, mark] of marks.slice(0, -maxMarks)) forgotten = mark;
      marks = marks.slice(-maxMarks);
    }
    this.#state = { ...this.#state, kept, floor, marks, forgotten };
  }

  #empty(): State {
    this.#epochs += 1;
    const zero = { epoch: `e${this.#epochs}`, n: 0, tag: 0 };
    return { floor: zero, head: zero, kept: [], marks: [], forgotten: zero };
  }

  #change(state: State): void {
    this.#state = state;
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Whether one place is after another: by their tags, for that may be of a history that the store has lost. */
function isAfter(one: CursorParts, other: CursorParts): boolean {
  return one.tag > other.tag || (one.tag === other.tag && one.n > other.n);
}

function positionOf(parts: CursorParts): Position {
  return { n: parts.n, cursor: formatCursor(parts) };
}
