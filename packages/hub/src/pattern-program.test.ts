import { describe, expect, it } from "vitest";
import { patternParts } from "./pattern-parts.ts";
import { PatternProgram } from "./pattern-program.ts";

describe("PatternProgram", () => {
  it("reads each character once, at a cost that the pattern's length bounds (HUB A7, RULES B45)", () => {
    const pattern = "/*a*a*a*a*b";
    const program = new PatternProgram(patternParts(pattern, { prefix: "/", encode: (part) => part }), "/");
    const input = new CountingInput(`/${"a".repeat(200)}`);
    expect(program.matches(input)).toBe(false);
    expect(input.reads).toBe(201);
    expect(program.size).toBeLessThan(4 * pattern.length);
  });

  it("stays as small for the longest pattern of repeated groups", () => {
    const pattern = "{/a*b}+".repeat(100);
    const program = new PatternProgram(patternParts(pattern, { prefix: "/", encode: (part) => part }), "/");
    expect(program.size).toBeLessThan(4 * pattern.length);
  });
});

// Helpers

class CountingInput {
  reads = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#text.length;
  }

  charCodeAt(index: number): number {
    this.reads += 1;
    return this.#text.charCodeAt(index);
  }
}
