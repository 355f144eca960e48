import { type Write, writesOf } from "./group.ts";
import type { HubEntry } from "./hub-entry.ts";

/** So many lists are remembered, each of the size of a page: 1 MiB, and as much again where chunks are framed. */
const REMEMBERED = 16;

/**
 * Cuts lists of entries into writes, and gives the same ones to readers who catch up over the same lists at about the
 * same time, as those do who were blocked by the same burst: what follows, such as a chunk's frame, is then shared as
 * well (RULES B47). Some are a few steps ahead of others, so more than the latest list is remembered.
 */
export class SharedWrites {
  /** The newest first. */
  #remembered: readonly { readonly entries: readonly HubEntry[]; readonly writes: readonly Write[] }[] = [];

  of(entries: readonly HubEntry[]): readonly Write[] {
    const known = this.#remembered.find((list) => isSame(list.entries, entries));
    if (known !== undefined) return known.writes;
    const writes = writesOf(entries);
    this.#remembered = [{ entries, writes }, ...this.#remembered.slice(0, REMEMBERED - 1)];
    return writes;
  }
}

function isSame(a: readonly HubEntry[], b: readonly HubEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
