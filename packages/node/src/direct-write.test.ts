import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MayPassBy, type ResponseProgram, runProgram, type Step } from "../test/response-program.ts";
import { DIRECT_CONDITIONS, frameChunk, mayPassBy } from "./direct-write.ts";

describe("frameChunk()", () => {
  it("frames the same bytes once (HUB A5)", () => {
    const bytes = new TextEncoder().encode(`data: ${"é".repeat(10)}\n\n`);
    expect(frameChunk(bytes).toString()).toBe(`1c\r\ndata: ${"é".repeat(10)}\n\n\r\n`);
    expect(frameChunk(bytes)).toBe(frameChunk(bytes));
  });
});

// Each looks for its counterexample for as long as it takes; a missing condition may hang a reader for two seconds.
describe("writing straight to the socket", { timeout: 120_000 }, () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("send", "end the turn", "settle") },
    { weight: 3, arbitrary: fc.constantFrom("others write", "cork", "uncork") },
    { weight: 1, arbitrary: fc.constantFrom("send much", "wrap write()", "others end", "others give up", "read") },
  );
  const program: fc.Arbitrary<ResponseProgram> = fc.record({
    socket: fc.oneof({ weight: 9, arbitrary: fc.constant("tcp") }, { weight: 1, arbitrary: fc.constant("memory") }),
    pipelined: fc.boolean(),
    last: fc.constantFrom("1.1", "1.0"),
    responses: fc.array(fc.array(step, { maxLength: 25, size: "max" }), { minLength: 1, maxLength: 3 }),
  });

  function holdsFor(rule: MayPassBy): fc.IAsyncProperty<[ResponseProgram]> {
    return fc.asyncProperty(program, async (steps) => {
      expect(await runProgram(steps, rule)).toEqual(await runProgram(steps, () => false));
    });
  }

  // What the search finds too, but late.
  const base = { pipelined: false, last: "1.1" } as const;
  const examples: [ResponseProgram][] = [
    [{ ...base, socket: "memory", responses: [["send", "settle", "send"]] }],
    [{ ...base, socket: "tcp", responses: [["send much", "settle", "others end", "end the turn", "send"]] }],
  ];

  it("gives readers the bytes of the plain path, whatever happens to the response (HUB A5)", async () => {
    await fc.assert(holdsFor(mayPassBy), { examples });
  });

  it.each(DIRECT_CONDITIONS)("would not, did it not ask whether %s (HUB A5)", async (left) => {
    const rule: MayPassBy = (res, begun) => mayPassBy(res, begun, left);
    const { failed } = await fc.check(holdsFor(rule), { numRuns: 2_000, endOnFailure: true, examples });
    expect(failed).toBe(true);
  });
});
