import { concatEncodedEvents, type EncodedEvent, encodeEvent } from "@ssekit/codec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Outbox } from "./outbox.ts";

describe("Outbox", () => {
  const block = (size: number): EncodedEvent => encodeEvent({ data: "x".repeat(size - "data: \n\n".length) });

  function written(outbox: Outbox): EncodedEvent[] {
    const writes: EncodedEvent[] = [];
    outbox.writeTo({ write: (bytes) => void writes.push(bytes) });
    return writes;
  }

  function take(blocks: EncodedEvent[], maxWrite: number): EncodedEvent[] {
    const outbox = new Outbox(maxWrite);
    for (const each of blocks) outbox.push(each);
    expect(outbox.size).toBe(concatEncodedEvents(blocks).length);
    const writes = written(outbox);
    expect(outbox.size).toBe(0);
    expect(written(outbox)).toEqual([]);
    return writes;
  }

  it("joins what fits into a write", () => {
    const [small, large] = [block(10), block(90)];
    expect(take([small, large, small], 100)).toEqual([concatEncodedEvents([small, large]), small]);
  });

  it("gives a block alone as it is, so that all who write it share its bytes (RULES B47)", () => {
    const blocks = [block(200), block(100), block(20)];
    expect(take(blocks, 100).every((write, index) => write === blocks[index])).toBe(true);
  });

  it("joins the same blocks once for all who are sent them in turn, and no others (RULES B47)", () => {
    const [a, b, c] = [block(20), block(30), block(20)];
    const [first] = take([a, b], 100);
    expect(take([a, b], 100)[0]).toBe(first);
    expect(take([c, b], 100)).toEqual([concatEncodedEvents([c, b])]);
    expect(take([c, b, a], 100)).toEqual([concatEncodedEvents([c, b, a])]);
    expect(take([c, b], 50)[0]).toEqual(concatEncodedEvents([c, b]));
  });

  it("drops what waits", () => {
    const outbox = new Outbox(100);
    outbox.push(block(50));
    outbox.clear();
    expect(outbox.size).toBe(0);
    expect(written(outbox)).toEqual([]);
  });

  it("loses, adds and moves no byte, and keeps each write within the limit or a single block", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 8, max: 60 })), fc.integer({ min: 1, max: 200 }), (sizes, maxWrite) => {
        const blocks = sizes.map(block);
        const writes = take(blocks, maxWrite);
        expect(concatEncodedEvents(writes)).toEqual(concatEncodedEvents(blocks));
        for (const write of writes) expect(write.length <= maxWrite || blocks.includes(write)).toBe(true);
      }),
    );
  });
});
