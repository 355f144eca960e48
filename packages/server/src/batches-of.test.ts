import { concatEncodedEvents, encodeEvent } from "@ssekit/codec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchesOf } from "./batches-of.ts";

describe("batchesOf()", () => {
  const block = (size: number) => encodeEvent({ data: "x".repeat(size - "data: \n\n".length) });

  it("joins what fits", () => {
    const [small, large] = [block(10), block(90)];
    expect(batchesOf([small, large, small], 100)).toEqual([concatEncodedEvents([small, large]), small]);
  });

  it("gives a block alone as it is, so that all who write it share its bytes (RULES B47)", () => {
    const blocks = [block(200), block(100), block(20)];
    expect(batchesOf(blocks, 100).every((batch, index) => batch === blocks[index])).toBe(true);
  });

  it("gives nothing for nothing", () => {
    expect(batchesOf([], 100)).toEqual([]);
  });

  it("loses, adds and moves no byte, and keeps each batch within the limit or a single block", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 8, max: 60 })), fc.integer({ min: 1, max: 200 }), (sizes, limit) => {
        const blocks = sizes.map(block);
        const batches = batchesOf(blocks, limit);
        expect(concatEncodedEvents(batches)).toEqual(concatEncodedEvents(blocks));
        for (const batch of batches) expect(batch.length <= limit || blocks.includes(batch)).toBe(true);
      }),
    );
  });
});
