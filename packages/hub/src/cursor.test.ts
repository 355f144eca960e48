import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCursor, parseCursor, resolveCursor } from "./cursor.ts";

const floor = { epoch: "e", n: 10, tag: 100 };
const head = { epoch: "e", n: 20, tag: 200 };
const tagAt = (n: number): number => n * 10;
const resolve = (cursor: string): unknown => resolveCursor(cursor, { epoch: "e", floor, head, tagAt });

describe("resolveCursor()", () => {
  it.each([
    ["", "unknown", 20],
    ["#e-20", "unknown", 20],
    ["#f-12-120", "foreign", 20],
    ["#f-99-1", "foreign", 20],
    ["#e-12-121", "rolled-back", 20],
    ["#e-10-99", "rolled-back", 20],
    ["#e-9-101", "rolled-back", 20],
    ["#e-21-200", "ahead", 20],
    ["#e-9-90", "expired", 10],
    ["#e-10-100", undefined, 10],
    ["#e-12-120", undefined, 12],
    ["#e-20-200", undefined, 20],
  ])("%s: %s, goes on at %d (HUB A3)", (cursor, gap, n) => {
    expect(resolve(cursor)).toMatchObject({ gap, position: { n } });
  });
});

describe("parseCursor()", () => {
  it.each([
    "#e-1",
    "#e-1-2-3",
    "#-1-2",
    "#e-01-2",
    "#e--1-2",
    "#e-1.5-2",
    "e-1-2",
    "#e-1-2\n",
    "#\u00e9-1-2",
    "#e-9007199254740993-2",
  ])("refuses %j", (cursor) => expect(parseCursor(cursor)).toBeUndefined());

  const parts = fc.record({
    epoch: fc.stringMatching(/^[0-9A-Za-z]{1,20}$/),
    n: fc.nat(Number.MAX_SAFE_INTEGER),
    tag: fc.nat(Number.MAX_SAFE_INTEGER),
  });

  it("reads what formatCursor() writes, in at most 56 bytes that need no preflight, and without a mark", () => {
    fc.assert(
      fc.property(parts, (given) => {
        const cursor = formatCursor(given);
        expect(parseCursor(cursor)).toEqual(given);
        // Fetch's CORS-unsafe request-header bytes, and what is not visible ASCII.
        expect(cursor).toMatch(/^[!#-'*+,\-./0-9;=A-Z^_`a-z|]{1,56}$/);
      }),
    );
  });

  it("is total: any text is read or refused", () => {
    fc.assert(
      // Any UTF-16 units: `fc.string({ unit: "binary" })` takes seconds to begin.
      fc.property(fc.array(fc.nat(0xffff)), (units) => {
        const text = String.fromCharCode(...units);
        const read = parseCursor(text);
        if (read !== undefined) expect(formatCursor(read)).toBe(text);
      }),
    );
  });
});
