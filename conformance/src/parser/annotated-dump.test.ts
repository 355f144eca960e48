import { describe, expect, it } from "vitest";
import { annotatedDump, quoted } from "./annotated-dump.ts";

describe("annotatedDump()", () => {
  it("says of each line what the standard makes of it", () => {
    const bytes = new TextEncoder().encode(
      "\ufeffdata: a\r\n:note\rid: 1\0\nretry: 1x\nretry: 10\nData: x\ndata\n\ndata: cut",
    );
    const meanings = annotatedDump(bytes)
      .split("\n")
      .map((line) => line.replace(/^[0-9a-f]{4} {2}([0-9a-f]{2} ?)+ */, ""));
    expect(meanings).toEqual([
      'data "a"',
      'comment "note"',
      'id "1\\u0000" with U+0000: ignored',
      'retry "1x", not digits alone: ignored',
      'retry "10"',
      'unknown field "Data": ignored',
      'data ""',
      "blank line: ends the block",
      '"data: cut" without a line end: discarded at the end of the stream',
    ]);
  });

  it("shows where chunks end", () => {
    expect(annotatedDump(Uint8Array.of(0x0d, 0x0a), new Set([1]))).toBe("0000  0d|0a  blank line: ends the block");
  });

  it("shortens long lines and long streams", () => {
    const dump = annotatedDump(new TextEncoder().encode(`data: ${"x".repeat(10_000)}\n`.repeat(100)));
    expect(dump.length).toBeLessThan(10_000);
    expect(dump).toContain("and 76 more lines");
    expect(annotatedDump(new Uint8Array())).toBe("(no bytes)");
  });
});

describe("quoted()", () => {
  it("shows what can't be seen", () => {
    expect(quoted("\ufeff\u2028\u0085\n")).toBe('"\\ufeff\\u2028\\u0085\\n"');
    expect(quoted("x".repeat(200))).toMatch(/…" \(200 characters\)$/);
  });
});
