import { describe, expect, it } from "vitest";
import { encodeEvent } from "./encode-event.ts";
import { stringifyEvent } from "./stringify-event.ts";

const utf8 = new TextEncoder();

describe("encodeEvent()", () => {
  it.each([0, 1, 54, 55, 56, 57, 58, 64, 200, 10_000])(
    "gives the UTF-8 of stringifyEvent(), for text of %d characters of 1 to 4 bytes",
    (length) => {
      for (const character of ["x", "é", "€", "😀"]) {
        const event = { data: character.repeat(length) };
        expect(encodeEvent(event)).toEqual(utf8.encode(stringifyEvent(event)));
      }
    },
  );

  it("gives bytes of their own, which the next event does not change", () => {
    const first = encodeEvent({ data: "first" });
    encodeEvent({ data: "second" });
    expect(first).toEqual(utf8.encode("data: first\n\n"));
    expect(first.buffer.byteLength).toBe(first.length);
  });

  it("makes U+FFFD of a lone surrogate", () => {
    expect(encodeEvent({ data: "\ud83d" })).toEqual(utf8.encode("data: \ufffd\n\n"));
  });

  it("refuses what stringifyEvent() refuses (RULES B1, B2, B3)", () => {
    expect(() => encodeEvent({ event: "a\n", data: "" })).toThrow(TypeError);
    expect(() => encodeEvent({ id: "\0" })).toThrow(TypeError);
    expect(() => encodeEvent({ retry: -1 })).toThrow(RangeError);
  });
});
