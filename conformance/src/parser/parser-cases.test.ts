import { describe, expect, it } from "vitest";
import type { CaseContext } from "../case.ts";
import { parseByReference } from "../reference-parser.ts";
import { PARSER_CASES } from "./parser-cases.ts";
import { RECONNECTION_TIME } from "./parser-subject.ts";

const context: CaseContext = {
  seed: 1,
  signal: new AbortController().signal,
  wire: () => {},
  defer: () => {},
  lengthen: () => {},
};

describe("the cases of parsers", () => {
  // What a case expects is written by hand: this shows that the reference model says the same.
  it.each(PARSER_CASES.map((testCase) => [testCase.id, testCase] as const))(
    "%s agrees with the reference",
    async (_, testCase) => {
      let streams = 0;
      const finding = await testCase.run(
        {
          async parse(chunks) {
            streams++;
            let bytes: Uint8Array = new Uint8Array();
            let given = 0;
            const parts = chunks.length > 64 ? [concat(chunks)] : chunks;
            const steps = parts.map((chunk) => {
              bytes = concat([bytes, chunk]);
              const events = parseByReference(bytes).flatMap((outcome) =>
                outcome.kind === "event" ? outcome.event : [],
              );
              const fresh = events.slice(given);
              given = events.length;
              return { events: fresh };
            });
            const times = parseByReference(bytes).flatMap((outcome) => {
              return outcome.kind === "reconnection-time" ? outcome.milliseconds : [];
            });
            return [...steps, { events: [], reconnectionTime: times.at(-1) }];
          },
        },
        context,
      );
      expect(finding).toBeUndefined();
      expect(streams).toBeGreaterThan(1);
    },
    60_000,
  );

  it("ask for the reconnection time only of parsers that tell it", () => {
    const needing = PARSER_CASES.filter(({ needs }) => needs?.includes(RECONNECTION_TIME)).map(({ id }) => id);
    expect(needing.filter((id) => !id.startsWith("parse/retry/"))).toEqual(["parse/end/unfinished-line"]);
  });
});

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
