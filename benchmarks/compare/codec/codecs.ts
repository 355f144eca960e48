import type { Comparison, Goal, Sample, Unit } from "../comparison.ts";
import { type RuntimeName, runtimeNames } from "../runtimes.ts";
import { codecRows } from "./codec-rows.ts";
import { runBench } from "./run-bench.ts";

/** Parsers and encoders on each runtime. A column is a runtime, and a figure a ratio that was measured in one process. */
export function codecs(): Comparison {
  const benches = new Set(codecRows.map(({ id }) => id.split(" ")[0] as string));
  return {
    name: "codecs",
    title: "Codecs: how many times as fast as peers and floors ours is",
    columns: runtimeNames.map((name) => ({ name, unit: "" })),
    rows: codecRows.map(({ title }) => ({ name: title })),
    goals: codecRows.flatMap(goalsOf),
    units: [...benches].flatMap((bench) => runtimeNames.map((runtime) => unitOf(bench, runtime))),
    settings: { "rounds in each process": 15 },
    rounds: 1,
    minutes: 2,
    chart: "none",
  };
}

function goalsOf({ id, title, atLeast }: (typeof codecRows)[number]): Goal[] {
  if (atLeast === undefined) return [];
  // A byte a chunk is asked of Node alone.
  const columns = id === "parse h" ? (["Node"] as const) : runtimeNames;
  return columns.map((column) => ({ row: title, column, atLeast }));
}

function unitOf(bench: string, runtime: RuntimeName): Unit {
  return {
    name: `${bench} on ${runtime}`,
    async run(signal) {
      return (await runBench(bench, runtime, signal)).flatMap(({ id, ratios }): Sample[] => {
        const row = codecRows.find((row) => row.id === id);
        return row === undefined ? [] : [{ row: row.title, column: runtime, values: ratios }];
      });
    },
  };
}
