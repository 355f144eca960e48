import { describe, expect, it } from "vitest";
import type { Attachment } from "./attachment.ts";
import { type Case, type CaseContext, CaseFailure, UnsupportedError } from "./case.ts";
import { type Run, type RunOptions, runCases } from "./run-cases.ts";

type Subject = { readonly number: number };

describe("runCases()", () => {
  it("gives each case a subject of its own, and each verdict its reason", async () => {
    const seen: number[] = [];
    const { results } = await run([
      testCase("a/b/passes", { run: async ({ number }) => void seen.push(number) }),
      testCase("a/b/fails", { run: ({ number }) => fail(number) }),
      testCase("a/b/throws", { run: () => Promise.reject(new TypeError("not the subject's fault")) }),
      testCase("a/b/tolerates", { run: async () => ({ verdict: "nonstrict", message: "late" }) }),
      testCase("a/b/lacks", { run: () => Promise.reject(new UnsupportedError("no clock")) }),
      testCase("a/b/needs", { needs: ["wings"], run: () => fail(0) }),
      testCase("a/b/again", { run: async ({ number }) => void seen.push(number) }),
    ]);
    expect(results.map(({ verdict }) => verdict)).toEqual([
      "pass",
      "fail",
      "error",
      "nonstrict",
      "unsupported",
      "unsupported",
      "pass",
    ]);
    expect(results[1]).toMatchObject({ message: "wrong number", expected: "0", actual: "2" });
    expect(results[2]?.message).toContain("not the subject's fault");
    expect(results[5]?.message).toBe("The subject doesn't have: wings");
    expect(new Set(seen).size).toBe(2);
  });

  it("keeps the wire of failures, and of them alone", async () => {
    const talk = (_: Subject, { wire }: CaseContext): number => {
      wire("sent", Uint8Array.of(0xef, 10));
      wire("received", "ok");
      return 1;
    };
    const { results } = await run([
      testCase("a/b/passes", { run: async (...args) => void talk(...args) }),
      testCase("a/b/fails", { run: async (...args) => fail(talk(...args)) }),
    ]);
    expect(results[0]?.wire).toBeUndefined();
    expect(results[1]?.wire).toMatchObject([
      { direction: "sent", hex: "ef0a" },
      { direction: "received", text: "ok" },
    ]);
  });

  it("fails a case that comes to no end, and aborts what it waits for", async () => {
    let aborted = false;
    const { results } = await run([
      testCase("a/b/hangs", {
        deadline: 20,
        run: (_, { signal }) => new Promise(() => signal.addEventListener("abort", () => (aborted = true))),
      }),
    ]);
    expect(results[0]).toMatchObject({ verdict: "fail", expected: "an end within 20 ms" });
    expect(aborted).toBe(true);
  });

  it("gives a case as many times its deadline as the attachment asks for, and never less than it", async () => {
    for (const [factor, ms] of [
      [3, 60],
      [0.5, 20],
    ] as const) {
      const attachment = attach({
        open: async ({ lengthen }) => {
          lengthen(factor);
          return { number: 1 };
        },
      });
      const hangs = testCase("a/b/hangs", { deadline: 20, run: () => new Promise(() => {}) });
      const { results } = await runCases([hangs], attachment);
      expect(results[0]?.expected).toBe(`an end within ${ms} ms`);
      expect(results[0]?.milliseconds).toBeGreaterThanOrEqual(ms - 1);
    }
  });

  it("calls an attachment that is never ready an error", async () => {
    const attachment = attach({ open: () => new Promise(() => {}) });
    const { results } = await runCases([testCase("a/b/c", { deadline: 20 })], attachment);
    expect(results[0]).toMatchObject({ verdict: "error", message: "The subject was not ready within 20 ms" });
  });

  it("cleans up after a case, the last first, whatever it came to", async () => {
    const done: string[] = [];
    const { results } = await run([
      testCase("a/b/fails", {
        run: async (_, { defer }) => {
          defer(() => void done.push("first"));
          defer(async () => void done.push("second"));
          defer(() => Promise.reject(new Error("in vain")));
          fail(1);
        },
      }),
    ]);
    expect(done).toEqual(["second", "first"]);
    expect(results[0]?.verdict).toBe("fail");
  });

  it("runs a case that wants to be alone when no other runs any more", async () => {
    let running = 0;
    const order: string[] = [];
    const watched = (id: string, alone = false): Case<Subject> =>
      testCase(id, {
        alone,
        run: async () => {
          order.push(`${id} beside ${running++}`);
          await new Promise((resolve) => setTimeout(resolve));
          running--;
        },
      });
    await run([watched("a/b/first", true), watched("a/b/second"), watched("a/b/third", true), watched("a/b/fourth")], {
      concurrency: 4,
    });
    expect(order).toEqual(["a/b/second beside 0", "a/b/fourth beside 1", "a/b/first beside 0", "a/b/third beside 0"]);
  });

  it("runs what a case depends on first, and blocks it if that doesn't pass", async () => {
    const order: string[] = [];
    const { results } = await run([
      testCase("a/b/third", { dependsOn: ["a/b/second"], run: async () => void order.push("third") }),
      testCase("a/b/second", { dependsOn: ["a/b/first"], run: async () => fail(order.push("second")) }),
      testCase("a/b/first", { run: async () => void order.push("first") }),
      testCase("a/b/alone", { dependsOn: ["a/b/left-out"], run: async () => void order.push("alone") }),
    ]);
    expect(order).toEqual(["first", "second", "alone"]);
    expect(results.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      "a/b/third blocked",
      "a/b/second fail",
      "a/b/first pass",
      "a/b/alone pass",
    ]);
    expect(results[0]?.message).toBe("a/b/second: fail");
  });

  it("takes what builds on something unsupported for unsupported too", async () => {
    const { results } = await run([
      testCase("a/b/third", { dependsOn: ["a/b/second"], run: () => fail(1) }),
      testCase("a/b/second", { dependsOn: ["a/b/first"], run: () => fail(1) }),
      testCase("a/b/first", { needs: ["wings"] }),
    ]);
    expect(results.map(({ verdict, message }) => `${verdict}: ${message}`)).toEqual(
      results.map(() => "unsupported: The subject doesn't have: wings"),
    );
  });

  it("runs nothing else if the smoke case doesn't pass", async () => {
    const { refused, results } = await run(
      [testCase("a/b/other", { run: () => fail(1) }), testCase("a/smoke/works", { run: () => fail(1) })],
      { smoke: "a/smoke/works" },
    );
    expect(refused).toContain("a/smoke/works");
    expect(results.map(({ verdict }) => verdict)).toEqual(["blocked", "fail"]);
  });

  it.each([
    ["claims to know", async () => false],
    ["fails over", () => Promise.reject(new Error("what?"))],
  ])("refuses an attachment that %s a case that nobody can know", async (_, refusesUnknownCase) => {
    const attachment = attach({ refusesUnknownCase });
    const { refused, results } = await runCases([testCase("a/b/c")], attachment);
    expect(refused).toMatch(/was asked for "unknown-\w+", which doesn't exist/);
    expect(results[0]?.verdict).toBe("blocked");
  });

  it("asks for another unknown case each time", async () => {
    const names: string[] = [];
    const attachment = attach({ refusesUnknownCase: async (name) => names.push(name) > 0 });
    for (let round = 0; round < 3; round++) await runCases([testCase("a/b/c")], attachment);
    expect(new Set(names).size).toBe(3);
  });

  it("runs several cases at once if it may, and no more", async () => {
    let running = 0;
    let most = 0;
    const cases = Array.from({ length: 9 }, (_, n) =>
      testCase(`a/b/${n}`, {
        run: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve));
          running--;
          return undefined;
        },
      }),
    );
    await run(cases, { concurrency: 3 });
    expect(most).toBe(3);
  });

  it("stops when it is told to, and leaves out what has not begun", async () => {
    const stop = new AbortController();
    const cases = [testCase("a/b/first", { run: async () => void stop.abort() }), testCase("a/b/second")];
    const { results } = await run(cases, { signal: stop.signal });
    expect(results.map(({ id }) => id)).toEqual(["a/b/first"]);
  });

  it("refuses nobody for what was stopped, and says of the case that ran that it was", async () => {
    const stop = new AbortController();
    const stopped: Partial<Attachment<Subject>> = {
      refusesUnknownCase: () => new Promise(() => stop.abort(new Error("Stopped"))),
    };
    const cases = [testCase("a/b/smoke")];
    const asked = await runCases(cases, attach(stopped), { signal: stop.signal, smoke: "a/b/smoke" });
    expect([asked.refused, asked.results]).toEqual([undefined, []]);

    const again = new AbortController();
    const running = testCase("a/b/smoke", { run: () => new Promise(() => again.abort(new Error("Stopped"))) });
    const { refused, results } = await run([running], { signal: again.signal, smoke: "a/b/smoke" });
    expect(refused).toBeUndefined();
    expect(results).toMatchObject([
      { verdict: "error", message: "The run was stopped before the case came to its end" },
    ]);
  });

  it("tells how it goes on, and the seed", async () => {
    const kinds: string[] = [];
    const { seed } = await run([testCase("a/b/c", { run: async (_, context) => void expect(context.seed).toBe(7) })], {
      seed: 7,
      onEvent: ({ kind }) => kinds.push(kind),
    });
    expect(seed).toBe(7);
    expect(kinds).toEqual(["run-start", "case-start", "case-end", "run-end"]);
  });
});

function run(cases: readonly Case<Subject>[], options?: RunOptions): Promise<Run> {
  return runCases(cases, attach(), options);
}

function attach(parts: Partial<Attachment<Subject>> = {}): Attachment<Subject> {
  let number = 0;
  return {
    name: "subject",
    version: undefined,
    capabilities: new Set(),
    open: async () => ({ number: ++number }),
    close: async () => {},
    ...parts,
  };
}

function testCase(id: string, parts: Partial<Case<Subject>> = {}): Case<Subject> {
  return {
    id,
    rule: "It works.",
    specification: { reason: "It works.", level: "MUST" },
    repair: "Make it work.",
    since: "0.1.0",
    run: async () => undefined,
    ...parts,
  };
}

function fail(number: number): never {
  throw new CaseFailure("wrong number", { expected: "0", actual: `${number}` });
}
