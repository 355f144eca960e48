import { describe, expect, it } from "vitest";
import { ManualTurns } from "./manual-turns.ts";
import { ReportedPromise } from "./reported-promise.ts";

describe("ReportedPromise", () => {
  it("reports a rejection that nobody looks at by the end of the turn", async () => {
    const { watch, reported, turns } = setUp();
    void watch(Promise.reject(new Error("lost")));
    expect(reported).toEqual([]);
    await turns.end();
    expect(reported).toEqual([new Error("lost")]);
  });

  const looks: [string, (promise: Promise<string>) => Promise<unknown>][] = [
    ["await", async (promise) => await promise],
    ["return from an async function", async (promise) => promise],
    ["then()", (promise) => promise.then(() => "never")],
    ["catch()", (promise) => promise.catch((error: unknown) => Promise.reject(error))],
    ["finally()", (promise) => promise.finally(() => {})],
    ["Promise.all()", (promise) => Promise.all([promise])],
    ["Promise.race()", (promise) => Promise.race([promise])],
  ];

  it.each(looks)("gives it to a caller who looks by %s, and reports nothing", async (_, look) => {
    const { watch, reported, turns } = setUp();
    await expect(look(watch(Promise.reject(new Error("told"))))).rejects.toThrow("told");
    await turns.end();
    expect(reported).toEqual([]);
  });

  it("gives what the work fulfils with", async () => {
    const { watch, reported, turns } = setUp();
    expect(await watch(Promise.resolve("done"))).toBe("done");
    await turns.end();
    expect(reported).toEqual([]);
  });
});

// Helpers

function setUp(): { watch: (work: Promise<string>) => Promise<string>; reported: unknown[]; turns: ManualTurns } {
  const turns = new ManualTurns();
  const reported: unknown[] = [];
  const watch = (work: Promise<string>): Promise<string> =>
    ReportedPromise.watch(work, (error) => reported.push(error), turns.schedule);
  return { watch, reported, turns };
}
