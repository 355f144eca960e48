import { concatEncodedEvents, type EncodedEvent } from "@ssekit/codec";

/** Blocks that wait for the end of the turn, to leave as few writes. */
export class Outbox {
  readonly #maxWrite: number;
  #blocks: EncodedEvent[] = [];
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
    this.#blocks.push(block);
    this.#size += block.length;
  }

  /**
   * Takes all that waits, in order, a write each. A block alone in its write is not copied, so that all who write it
   * share its bytes.
   */
  take(): EncodedEvent[] {
    const blocks = this.#blocks;
    const writes: EncodedEvent[] = [];
    let start = 0;
    let size = 0;
    for (const [index, { length }] of blocks.entries()) {
      if (size > 0 && size + length > this.#maxWrite) {
        writes.push(concatEncodedEvents(blocks.slice(start, index)));
        start = index;
        size = 0;
      }
      size += length;
    }
    if (size > 0) writes.push(concatEncodedEvents(start === 0 ? blocks : blocks.slice(start)));
    this.clear();
    return writes;
  }

  /** Drops all that waits. */
  clear(): void {
    this.#blocks = [];
    this.#size = 0;
  }
}
