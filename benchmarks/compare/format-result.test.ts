import { describe, expect, it } from "vitest";
import type { Result } from "./comparison.ts";
import { formatFigure, formatResult, markdownOf } from "./format-result.ts";

const result: Result = {
  name: "test",
  title: "Test",
  columns: [{ name: "cost", unit: "µs" }],
  rows: [{ name: "floor" }, { name: "ours", ours: true, base: { cost: "floor" } }, { name: "absent" }],
  goals: [
    { row: "ours", column: "cost", thanRow: "floor", atMost: 1.2 },
    { row: "ours", column: "cost", atMost: 5 },
  ],
  settings: { connections: 1000 },
  chart: "bars",
  date: "2026-11-25",
  machine: { os: "Linux", arch: "x64", cores: 2 },
  versions: { Node: "26", Deno: "2", Bun: "1" },
  rounds: 3,
  samples: { floor: { cost: [1, 2, 3] }, ours: { cost: [2, 3, 3.3] } },
  skipped: ["nginx: it is not installed"],
  failures: ["absent: Error: it is away"],
};

describe("markdownOf()", () => {
  it("tells medians, ratios by round, what they spread, and which goals are missed", () => {
    expect(markdownOf(result)).toBe(
      `
Measured on 2026-11-25, Linux x64 with 2 cores, Node 26, Deno 2, Bun 1; connections: 1,000, rounds: 3.

|  | cost, µs | goal |
| --- | --- | --- |
| floor | 2 ±0.50 |  |
| ours | !3 (1.50 ±0.23) | at most 5 |

|  | measured | goal |  |
| --- | --- | --- | --- |
| ours, cost, times floor | 1.50 ±0.23 | at most 1.2 | ! missed |

Skipped: nginx: it is not installed.

Failed: absent: Error: it is away`.trim(),
    );
  });

  it("counts the rounds in which there was one of what is counted", () => {
    const columns = [{ name: "stalls", unit: "", counted: true }];
    const samples = { floor: { stalls: [0, 7, null, 1] }, ours: { stalls: [0, 0, 0, 0] } };
    const lines = markdownOf({ ...result, columns, samples, goals: [], skipped: [], failures: [] }).split("\n");
    expect(lines.slice(-2)).toEqual(["| floor | 2 of 3 |", "| ours | 0 of 4 |"]);
  });
});

describe("formatResult()", () => {
  it("says the same in columns", () => {
    const lines = formatResult(result).split("\n");
    expect(lines[0]).toBe("Test (connections: 1,000, rounds: 3)");
    expect(lines).toContain("ours   !3 (1.50 ±0.23)  at most 5");
    expect(lines.at(-2)).toBe("skipped: nginx: it is not installed");
    expect(lines.at(-1)).toBe("failed: absent: Error: it is away");
  });
});

describe("formatFigure()", () => {
  it.each([
    [0.1234, "0.12"],
    [12.345, "12.3"],
    [123.4, "123"],
    [5, "5"],
    [1_234_567, "1,230,000"],
  ])("writes %d as %s", (value, text) => expect(formatFigure(value)).toBe(text));
});
