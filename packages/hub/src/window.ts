import type { Position } from "./event-log.ts";
import type { HubEntry } from "./hub-entry.ts";

/** The newest entries that the tail brought, bounded in bytes; it holds at least the newest. */
export class Window {
  readonly #maxBytes: number;
  /** From `#start` on; those before it are let go, and cut off by the half. */
  #entries: (HubEntry | undefined)[] = [];
  #start = 0;
  #bytes = 0;
  #tail: Position;

  constructor(tail: Position, maxBytes: number) {
    this.#tail = tail;
    this.#maxBytes = maxBytes;
  }

  /** How far this node has followed the log. */
  get tail(): Position {
    return this.#tail;
  }

  /** Goes on at another place, with nothing kept. */
  reset(tail: Position): void {
    this.#tail = tail;
    this.#entries = [];
    this.#start = 0;
    this.#bytes = 0;
  }

  push(entry: HubEntry): void {
    this.#entries.push(entry);
    this.#tail = entry.position;
    this.#bytes += entry.size;
    while (this.#bytes > this.#maxBytes && this.#start < this.#entries.length - 1) {
      this.#bytes -= this.#entries[this.#start]?.size ?? 0;
      this.#entries[this.#start] = undefined;
      this.#start += 1;
    }
    // Cutting only once half is left behind keeps the cost per entry constant.
    if (this.#start > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }

  /** The entries after a position: at least one, then as many as fit in `maxBytes`; `undefined` when they are not here. */
  after(position: Position, maxBytes: number): readonly HubEntry[] | undefined {
    const first = this.#entries[this.#start];
    if (first === undefined) return undefined;
    const from = this.#start + position.n - first.before.n;
    // By cursor, not by number: a position of another history is not here.
    if (from < this.#start || this.#entries[from]?.before.cursor !== position.cursor) return undefined;
    let bytes = 0;
    const end = this.#entries.findIndex((entry, index) => {
      if (index < from) return false;
      bytes += entry?.size ?? 0;
      return index > from && bytes > maxBytes;
    });
    return this.#entries.slice(from, end === -1 ? undefined : end) as HubEntry[];
  }
}
