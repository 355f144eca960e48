import { expect, it } from "vitest";
import { formatReport, problemsOf, type SoakReport } from "./soak-report.ts";

const MIB = 1024 * 1024;
const held = { resident: 200 * MIB, heap: 50 * MIB };
const well: SoakReport = {
  seed: 1,
  connections: 1000,
  silent: 100,
  blocked: 100,
  published: 10,
  deliveries: 10_000,
  lost: 0,
  repeated: 0,
  gaps: 0,
  reconnections: 0,
  latency: { allRead: { median: 50, p99: 200 }, someBlocked: { median: 60, p99: 300 } },
  memory: { before: held, blocked: held, after: held },
};

it("a soak in which nothing went wrong has no problems", () => {
  expect(problemsOf(well)).toEqual([]);
  expect(formatReport(well)).toContain("10 events, 10000 deliveries: 0 lost");
});

it.each<[string, Partial<SoakReport>]>([
  ["only 99 of 100 silent readers were blocked", { blocked: 99 }],
  ["1 events were lost", { lost: 1 }],
  ["1 events came twice", { repeated: 1 }],
  ["1 gaps were told", { gaps: 1 }],
  ["blocked readers cost more memory", { memory: memory("blocked", { ...held, resident: 274 * MIB }) }],
  ["memory grew", { memory: memory("after", { ...held, resident: 274 * MIB }) }],
  ["the heap grew", { memory: memory("after", { ...held, heap: 115 * MIB }) }],
  ["readers that read waited longer", { latency: { ...well.latency, someBlocked: { median: 121, p99: 200 } } }],
])("a soak has the problem: %s", (problem, change) => {
  expect(problemsOf({ ...well, ...change })).toEqual([expect.stringContaining(problem)]);
});

function memory(phase: "blocked" | "after", of: { resident: number; heap: number }): SoakReport["memory"] {
  return { ...well.memory, [phase]: of };
}
