import type { Position } from "./event-log.ts";
import type { HubEntry } from "./hub-entry.ts";

/** The newest entries that the tail brought, bounded in bytes; it holds at least the newest. */
export class Window {
  readonly #maxBytes: number;
  /** From `#start` on; those before it are let go, and cut off by the half. */
  #entries: (HubEntry | undefined)[] = [];
  #start = 0;
  #bytes = 0;
  #tail: Position = { n: 0, cursor: "" };

  constructor(maxBytes: number) {
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
    let end = from;
    for (let bytes = 0; end < this.#entries.length; end += 1) {
      bytes += this.#entries[end]?.size ?? 0;
      if (end > from && bytes > maxBytes) break;
    }
    return this.#entries.slice(from, end) as HubEntry[];
  }
}
