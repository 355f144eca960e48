import type { EncodedEvent } from "./encoded-event.ts";

/**
 * Joins encoded blocks into one, for a single write. One block alone is given back as it is, uncopied.
 *
 * @param blocks whole blocks, in the order in which readers get them.
 *
 * @example
 * ```ts
 * import { concatEncodedEvents, encodeEvent } from "@ssekit/codec";
 *
 * const burst = concatEncodedEvents([encodeEvent({ data: "one" }), encodeEvent({ data: "two" })]);
 * new TextDecoder().decode(burst); // "data: one\n\ndata: two\n\n"
 * ```
 */
export function concatEncodedEvents(blocks: readonly EncodedEvent[]): EncodedEvent {
  if (blocks.length === 1) return blocks[0] as EncodedEvent;
  let size = 0;
  for (const block of blocks) size += block.length;
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const block of blocks) {
    joined.set(block, offset);
    offset += block.length;
  }
  return joined as EncodedEvent;
}
