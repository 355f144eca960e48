import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patternParts } from "./pattern-parts.ts";
import { PatternProgram } from "./pattern-program.ts";
import { maxPatternLength, TopicPattern } from "./topic-pattern.ts";
import { TopicReference } from "./topic-reference.ts";

const base = new URL("https://hub.example/");

interface NativePattern {
  test(input: string, base: string): boolean;
}
const { URLPattern: Native } = globalThis as unknown as {
  URLPattern?: new (pattern: string, base: string) => NativePattern;
};

function matches(pattern: string, topic: string): boolean {
  return new TopicPattern(pattern, base).matches(new TopicReference(topic, base));
}

describe("TopicPattern", () => {
  it("matches as URLPattern does", () => {
    expect(matches("https://example.net/foo/:x", "https://example.net/foo/bar")).toBe(true);
  });

  const piece = fc.constantFrom(
    "/",
    "a",
    "b",
    "news",
    ":id",
    ":x",
    "*",
    "{",
    "}",
    "?",
    "+",
    ".",
    "-",
    "#",
    ":",
    "\\",
    "é",
    " ",
    "%20",
    "%zz",
    "https:",
    "http",
    "//",
    "example.com",
    "@",
    "[",
    "]",
    "8080",
    "443",
    "=",
    "{/a}",
    "{b}?",
    "..",
    "A",
    "urn:",
    "'",
    "|",
    "^",
    "&",
    "~",
    "$",
    "1",
  );
  const text = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(""));

  it.skipIf(Native === undefined)("agrees with the native URLPattern on any pattern and topic", () => {
    if (Native === undefined) return;
    const verdict = (run: () => boolean): boolean | "refused" => {
      try {
        return run();
      } catch {
        return "refused";
      }
    };
    fc.assert(
      fc.property(text, text, (pattern, topic) => {
        fc.pre(pattern !== "*");
        const native = verdict(() => new Native(pattern, base.href).test(topic, base.href));
        const ours = verdict(() => matches(pattern, topic));
        expect({ pattern, topic, verdict: ours }).toEqual({ pattern, topic, verdict: native });
      }),
      { numRuns: 20000 },
    );
  });
});
void patternParts;
void PatternProgram;
void maxPatternLength;
