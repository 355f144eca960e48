import { concatEncodedEvents, type EncodedEvent } from "@ssekit/codec";

/** Blocks that wait for the end of the turn, to leave as few writes. */
export class Outbox {
  readonly #maxWrite: number;
  /** Apart, for most turns have one block, and so no array. */
  #first: EncodedEvent | undefined;
  #others: EncodedEvent[] | undefined;
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
    if (this.#first === undefined) this.#first = block;
    else if (this.#others === undefined) this.#others = [block];
    else this.#others.push(block);
    this.#size += block.length;
  }

  /**
   * Writes all that waits, in order, as few writes. A block alone in its write is not copied, and a list of blocks is
   * joined once for all who write it in turn.
   */
  writeTo(transport: { write(bytes: EncodedEvent): void }): void {
    const first = this.#first;
    const others = this.#others;
    this.clear();
    if (first === undefined) return;
    if (others === undefined) {
      transport.write(first);
      return;
    }
    let list = [first];
    let size = first.length;
    for (const block of others) {
      if (size + block.length > this.#maxWrite) {
        transport.write(joinShared(list));
        list = [];
        size = 0;
      }
      list.push(block);
      size += block.length;
    }
    transport.write(joinShared(list));
  }

  /** Drops all that waits. */
  clear(): void {
    this.#first = undefined;
    this.#others = undefined;
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
