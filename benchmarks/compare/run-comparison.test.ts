import { describe, expect, it } from "vitest";
import type { Comparison, Result, Sample, Unit } from "./comparison.ts";
import { type RunOptions, runComparison } from "./run-comparison.ts";
import { figuresOf, judgeGoals, ratioToBase } from "./summarize.ts";

const options: RunOptions = { rounds: 3, deadline: Infinity, onProgress: () => {} };

/** A unit whose figures are what `of` gives, round by round. */
function unit(name: string, of: (round: number) => number): Unit {
  let round = 0;
  return {
    name,
    run: async (): Promise<Sample[]> => {
      round += 1;
      return [{ row: name, column: "cost", values: [of(round)] }];
    },
  };
}

function run(units: readonly Unit[], given: Partial<Comparison & RunOptions> = {}): Promise<Result> {
  const comparison: Comparison = {
    name: "test",
    title: "Test",
    columns: [{ name: "cost", unit: "µs" }],
    rows: units.map(({ name }) => ({ name, base: { cost: "floor" } })),
    goals: [],
    units,
    settings: {},
    rounds: 3,
    minutes: 1,
    chart: "none",
    ...given,
  };
  return runComparison(comparison, { ...options, ...given });
}

function failing(): never {
  throw new Error("it is tired");
}

describe("runComparison()", () => {
  it("runs each unit once a round, and compares figures of the same round", async () => {
    // The machine becomes slower from round to round; the ratio stays.
    const result = await run([unit("floor", (round) => round), unit("ours", (round) => 2 * round)]);
    expect(result.rounds).toBe(3);
    expect(result.samples).toEqual({ floor: { cost: [1, 2, 3] }, ours: { cost: [2, 4, 6] } });
    expect(figuresOf(result, "ours", "cost")).toEqual({ median: 4, spread: 1 });
    expect(ratioToBase(result, "ours", "cost")).toEqual({ median: 2, spread: 0 });
    expect(ratioToBase(result, "floor", "cost")).toBeUndefined();
  });

  it("goes on without a row that failed in a round, and says so", async () => {
    const tired = unit("ours", (round) => (round === 2 ? failing() : 2 * round));
    const late = unit("late", (round) => (round === 1 ? failing() : 3 * round));
    const result = await run([unit("floor", (round) => round), tired, late]);
    expect([...result.failures].sort()).toEqual(["late: Error: it is tired", "ours: Error: it is tired"]);
    expect(result.samples.late?.cost).toEqual([null, 6, 9]);
    expect(ratioToBase(result, "ours", "cost")).toEqual({ median: 2, spread: 0 });
    expect(ratioToBase(result, "late", "cost")).toEqual({ median: 3, spread: 0 });
  });

  it("begins no round after its deadline, but for the first", async () => {
    expect(await run([unit("floor", () => 1)], { deadline: 0 })).toMatchObject({ rounds: 1 });
  });

  it("judges a goal that must always hold by every round", async () => {
    const stalls = unit("ours", (round) => (round === 2 ? 1 : 0));
    const goal = { row: "ours", column: "cost", atMost: 0 };
    const judged = judgeGoals(await run([stalls], { goals: [goal, { ...goal, always: true }] }));
    expect(judged.map(({ median, met }) => [median, met])).toEqual([
      [0, true],
      [0, false],
    ]);
  });

  it("judges goals by medians: of a row alone, beside another row, beside another column", async () => {
    const both: Unit = {
      name: "both",
      run: async () => [
        { row: "ours", column: "1000", values: [2] },
        { row: "ours", column: "10000", values: [3] },
        { row: "floor", column: "1000", values: [1] },
      ],
    };
    const goals = [
      { row: "ours", column: "1000", atMost: 2 },
      { row: "ours", column: "1000", thanRow: "floor", atMost: 1.9 },
      { row: "ours", column: "10000", thanColumn: "1000", atMost: 1.5 },
      { row: "ours", column: "1000", atLeast: 2.1 },
      { row: "absent", column: "1000", atMost: 1 },
    ];
    const judged = judgeGoals(await run([both], { goals }));
    expect(judged.map(({ median, met }) => [median, met])).toEqual([
      [2, true],
      [2, false],
      [1.5, true],
      [2, false],
    ]);
  });
});
