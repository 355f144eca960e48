import { describe, expect, it } from "vitest";
import { concatEncodedEvents } from "./concat-encoded-events.ts";
import { encodeEvent } from "./encode-event.ts";

describe("concatEncodedEvents()", () => {
  it("joins blocks in order", () => {
    const blocks = [encodeEvent({ data: "one" }), encodeEvent({ comment: "two" }), encodeEvent({ id: "3" })];
    expect(new TextDecoder().decode(concatEncodedEvents(blocks))).toBe("data: one\n\n: two\n\nid: 3\n\n");
  });

  it("gives a single block back uncopied, and no bytes for no block", () => {
    const block = encodeEvent({ data: "one" });
    expect(concatEncodedEvents([block])).toBe(block);
    expect(concatEncodedEvents([])).toHaveLength(0);
  });
});
