import { createParser } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { STRICT_LEVELS } from "./gating-levels.ts";
import type { ParserFactory } from "./parser/module-parser.ts";
import { parserCases } from "./parser/parser-cases.ts";

const codec: ParserFactory = (onEvent) => {
  const parser = createParser({ onEvent });
  return { push: (chunk) => parser.feed(chunk), end: () => parser.end() };
};

describe("parserCases()", () => {
  describe("of our parser", () => {
    for (const { id, run } of parserCases(codec, { levels: STRICT_LEVELS })) it(id, run, 60_000);
  });

  it("rejects with all that a person needs", async () => {
    const deaf: ParserFactory = () => ({ push: () => {}, end: () => {} });
    const bound = parserCases(deaf, { seed: 7 }).find(({ id }) => id === "parse/smoke/one-event");
    const message = await bound?.run().catch((error: Error) => error.message);
    for (const part of ["A data line and a blank line", 'expected: message "Hello"', "repair:", "seed: 7"]) {
      expect(message).toContain(part);
    }
  });

  it("skips what the subject can't show, where a framework can", async () => {
    const notes: string[] = [];
    const bound = parserCases(codec).find(({ id }) => id === "parse/retry/zero");
    await bound?.run({ skip: (note: string) => notes.push(note) });
    await bound?.run();
    expect(notes).toEqual(["The subject doesn't have: reconnection-time"]);
  });

  it("holds a subject to the levels that gate unless it is told others", () => {
    const ids = parserCases(codec).map(({ id }) => id);
    expect(ids).toContain("parse/smoke/one-event");
    expect(ids).not.toContain("parse/timing/at-the-blank-line");
  });
});
