import type { EventLog, GapReason, Page, Position } from "./event-log.ts";
import { type EntryReader, entriesOf, type HubEntry } from "./hub-entry.ts";
import { withoutMark } from "./marked-cursor.ts";

/** How much of the log one read asks for, and one step of a catch-up looks at, in bytes. */
export const PAGE_BYTES: number = 64 * 1024;

/** So many reads of the log are under way at once; who comes meanwhile waits, and may find what others have read. */
const MAX_READS = 4;

/** What a read of the log gave. */
export interface Stretch {
  /** What the entries follow: where the read was to begin, unless entries after it are gone. */
  readonly after: Position;
  readonly entries: readonly HubEntry[];
  readonly next: Position;
  /** Why `after` is elsewhere, if the log says so. */
  readonly gap?: GapReason | undefined;
}

/** What shared pages need. */
export interface SharedPagesInit {
  readonly log: Pick<EventLog, "read">;
  readonly reader: EntryReader;
  /** What the entries that are kept may take together, in bytes. */
  readonly maxBytes: number;
  /** How far this node has followed the log: nothing that is ahead of it is kept, or given. */
  readonly tail: () => Position;
}

/** One read, of which all who ask at the same place get the answer. */
class Request {
  readonly position: Position;
  readonly answer: Promise<Stretch>;
  isUnderWay = false;
  give: (stretch: Stretch) => void = () => {};
  fail: (error: unknown) => void = () => {};

  constructor(position: Position) {
    this.position = position;
    this.answer = new Promise((resolve, reject) => {
      this.give = resolve;
      this.fail = reject;
    });
  }
}

/**
 * What readers who catch up have read of the log, so that many who stand near each other read it once (HUB C3).
 *
 * Each entry is kept by the cursor just before it. So whoever stands anywhere in what another has read goes on from
 * there, from read to read, and a place of another history is not found. What was read first goes first: readers go up
 * the log, and leave it behind.
 *
 * Nothing ahead of this node's tail is kept: were the store to lose it, the tail would not notice.
 */
export class SharedPages {
  readonly #init: SharedPagesInit;
  #entries = new Map<string, HubEntry>();
  #bytes = 0;
  readonly #requests = new Map<string, Request>();
  #reads = 0;
  /** Where the last read began: the next begins after it, as an elevator goes, and so what is read joins up. */
  #level = 0;

  constructor(init: SharedPagesInit) {
    this.#init = init;
  }

  /** What the kept entries take, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The entries after a position, as far as they are kept and one step goes; `undefined` when the first is not here. */
  after(position: Position): readonly HubEntry[] | undefined {
    const entries: HubEntry[] = [];
    let size = 0;
    for (let next = this.#entries.get(position.cursor); next !== undefined; ) {
      size += next.size;
      if (entries.length > 0 && size > PAGE_BYTES) break;
      entries.push(next);
      next = this.#entries.get(next.position.cursor);
    }
    return entries.length > 0 ? entries : undefined;
  }

  /** Reads what follows a position; rejects as the log does. */
  read(position: Position): Promise<Stretch> {
    const request = this.#requests.get(position.cursor) ?? new Request(position);
    this.#requests.set(position.cursor, request);
    this.#readOn();
    return request.answer;
  }

  /** Forgets all, for the log went on elsewhere: what is under way answers those who wait for it, and no others. */
  clear(): void {
    this.#entries = new Map();
    this.#bytes = 0;
    for (const [cursor, { isUnderWay }] of this.#requests) if (isUnderWay) this.#requests.delete(cursor);
  }

  #readOn(): void {
    while (this.#reads < MAX_READS) {
      const request = this.#nextRequest();
      if (request === undefined) return;
      void this.#read(request);
    }
  }

  /** The lowest from the last read on, else the lowest of all. */
  #nextRequest(): Request | undefined {
    let [above, lowest]: (Request | undefined)[] = [];
    for (const request of this.#requests.values()) {
      if (request.isUnderWay) continue;
      const { n } = request.position;
      if (n < (lowest?.position.n ?? Number.POSITIVE_INFINITY)) lowest = request;
      if (n >= this.#level && n < (above?.position.n ?? Number.POSITIVE_INFINITY)) above = request;
    }
    return above ?? lowest;
  }

  async #read(request: Request): Promise<void> {
    const { position } = request;
    request.isUnderWay = true;
    this.#level = position.n;
    this.#reads += 1;
    const entries = this.#entries;
    try {
      const page = await this.#readLog(position);
      // The log has lost this place, and it may have lost what is kept with it. The tail, if it lags, has yet to hear of it.
      if (page.gap !== undefined) this.clear();
      const stretch = this.#stretchOf(page);
      if (entries === this.#entries) this.#keep(stretch.entries);
      request.give(stretch);
    } catch (error) {
      request.fail(error);
    }
    this.#reads -= 1;
    this.#end(request);
    this.#answerFromKept();
    this.#readOn();
  }

  async #readLog(position: Position): Promise<Page> {
    const place = { n: position.n, cursor: withoutMark(position.cursor) };
    const page = await this.#init.log.read(place, PAGE_BYTES);
    return page.after.cursor === place.cursor ? { ...page, after: position } : page;
  }

  #end(request: Request): void {
    const { cursor } = request.position;
    if (this.#requests.get(cursor) === request) this.#requests.delete(cursor);
  }

  /** Answers those who wait where it is known by now what follows. */
  #answerFromKept(): void {
    for (const request of this.#requests.values()) {
      const entries = request.isUnderWay ? undefined : this.after(request.position);
      if (entries === undefined) continue;
      this.#end(request);
      request.give({ after: request.position, entries, next: (entries.at(-1) as HubEntry).position });
    }
  }

  #stretchOf(page: Page): Stretch {
    const { after, gap } = page;
    const { n } = this.#init.tail();
    const entries = entriesOf(page, this.#init.reader)
      .filter(({ position }) => position.n <= n)
      // What is kept already is encoded already.
      .map((entry) => this.#keptAs(entry) ?? entry);
    return { after, entries, next: entries.at(-1)?.position ?? after, gap };
  }

  /** The same entry, if it is kept. Another may be in its place, which the store has lost and the tail has not missed. */
  #keptAs({ before, position }: HubEntry): HubEntry | undefined {
    const kept = this.#entries.get(before.cursor);
    return kept?.position.cursor === position.cursor ? kept : undefined;
  }

  #keep(entries: readonly HubEntry[]): void {
    for (const entry of entries) {
      if (this.#keptAs(entry) !== undefined) continue;
      const { cursor } = entry.before;
      this.#bytes += entry.size - (this.#entries.get(cursor)?.size ?? 0);
      this.#entries.set(cursor, entry);
    }
    for (const [cursor, { size }] of this.#entries) {
      if (this.#bytes <= this.#init.maxBytes) return;
      this.#entries.delete(cursor);
      this.#bytes -= size;
    }
  }
}
