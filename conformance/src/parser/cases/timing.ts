import type { Case, Finding } from "../../case.ts";
import { standard } from "../../standard.ts";
import { parserFailure, shownEvents } from "../parser-failure.ts";
import type { ParserSubject } from "../parser-subject.ts";

/** RULES A24: when an event is dispatched. */
export const timingCase: Case<ParserSubject> = {
  id: "parse/timing/at-the-blank-line",
  rule: "An event is dispatched with the chunk that has its blank line, and not when the next one comes.",
  specification: { ...standard.blankLine, level: "PRACTICE" },
  repair: "Read each chunk to its end; after a CR, end the line at once, and swallow an LF if it comes.",
  since: "0.1.0",
  async run(subject, context): Promise<Finding | undefined> {
    for (const lineEnd of ["\n", "\r\n"]) {
      const { chunks, steps } = await parseTwoEvents(subject, lineEnd);
      if (steps[0]?.events.length === 1) continue;
      throw parserFailure(
        context,
        `The first chunk is a whole block, with ${JSON.stringify(lineEnd)}`,
        { chunks, steps },
        {
          expected: "its event before the second chunk",
          actual: shownEvents(steps[0]?.events ?? []),
        },
      );
    }
    const { steps } = await parseTwoEvents(subject, "\r");
    if (steps[0]?.events.length === 1) return undefined;
    return { verdict: "nonstrict", message: "After a CR the parser waits for the next byte: the event comes late" };
  },
};

async function parseTwoEvents(
  subject: ParserSubject,
  lineEnd: string,
): Promise<{ chunks: Uint8Array[]; steps: Awaited<ReturnType<ParserSubject["parse"]>> }> {
  const chunks = ["a", "b"].map((data) => new TextEncoder().encode(`data: ${data}${lineEnd}${lineEnd}`));
  return { chunks, steps: await subject.parse(chunks) };
}
