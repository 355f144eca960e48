import { concatEncodedEvents, type EncodedEvent } from "@ssekit/codec";

const NONE: EncodedEvent[] = [];

/** Blocks that wait for the end of the turn, to leave as few writes. */
export class Outbox {
  readonly #maxWrite: number;
  #blocks: EncodedEvent[] = NONE;
  #size = 0;

  /** An outbox whose writes have at most `maxWrite` bytes; a block that is larger is a write of its own. */
  constructor(maxWrite: number) {
    this.#maxWrite = maxWrite;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  /** Puts a block behind the others. */
  push(block: EncodedEvent): void {
    // Most turns have one block, and an array that grows would have room for seventeen.
    if (this.#size === 0) this.#blocks = [block];
    else this.#blocks.push(block);
    this.#size += block.length;
  }

  /**
   * Takes all that waits, in order, as few writes. A block alone in its write is not copied, and a list of blocks is
   * joined once for all who write it in turn.
   */
  take(): EncodedEvent[] {
    const blocks = this.#blocks;
    if (blocks.length < 2) {
      this.clear();
      return blocks;
    }
    const writes: EncodedEvent[] = [];
    let start = 0;
    let size = 0;
    for (const [index, { length }] of blocks.entries()) {
      if (size > 0 && size + length > this.#maxWrite) {
        writes.push(joinShared(blocks.slice(start, index)));
        start = index;
        size = 0;
      }
      size += length;
    }
    if (size > 0) writes.push(joinShared(start === 0 ? blocks : blocks.slice(start)));
    this.clear();
    return writes;
  }

  /** Drops all that waits. */
  clear(): void {
    this.#blocks = NONE;
    this.#size = 0;
  }
}

let last: { blocks: readonly EncodedEvent[]; joined: EncodedEvent } | undefined;

/**
 * Joins blocks, and gives the same bytes to streams that are sent the same blocks one after the other, as a broadcast
 * does: what follows, such as a chunk's frame, is then shared as well (RULES B47). It remembers one write.
 */
function joinShared(blocks: readonly EncodedEvent[]): EncodedEvent {
  if (blocks.length === 1) return blocks[0] as EncodedEvent;
  const isLast = last?.blocks.length === blocks.length && last.blocks.every((block, index) => block === blocks[index]);
  if (!isLast || last === undefined) last = { blocks, joined: concatEncodedEvents(blocks) };
  return last.joined;
}
