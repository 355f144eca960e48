import { concatEncodedEvents, type EncodedEvent } from "@ssekit/codec";

/**
 * Joins blocks, in order, into batches of at most `limit` bytes; a block that is larger is a batch of its own. A block
 * alone in its batch is not copied, so that all who write it share its bytes.
 */
export function batchesOf(blocks: readonly EncodedEvent[], limit: number): EncodedEvent[] {
  const batches: EncodedEvent[] = [];
  let start = 0;
  let size = 0;
  for (const [index, { length }] of blocks.entries()) {
    if (size > 0 && size + length > limit) {
      batches.push(concatEncodedEvents(blocks.slice(start, index)));
      start = index;
      size = 0;
    }
    size += length;
  }
  if (size > 0) batches.push(concatEncodedEvents(blocks.slice(start)));
  return batches;
}
