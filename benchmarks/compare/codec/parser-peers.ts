import type { Comparison, Sample, Unit } from "../comparison.ts";
import { type RuntimeName, runtimeNames } from "../runtimes.ts";
import { asyncParsers } from "./async-parsers.ts";
import { runBench } from "./run-bench.ts";
import { workloads } from "./workloads.ts";

/** All parsers on all workloads: PEERS section 1. A figure is a ratio that was measured in one process. */
export function parserPeers(): Comparison {
  const names = ["@ssekit/codec, createParser", ...Object.keys(asyncParsers), "undici"];
  return {
    name: "parsers",
    title: "Parsers: how many times as fast as eventsource-parser each is",
    figure: "times eventsource-parser's speed",
    columns: workloads.map(({ name }) => ({ name, unit: "" })),
    rows: runtimeNames.flatMap((runtime) => names.map((name) => ({ name: rowOf(runtime, name) }))),
    goals: [],
    units: runtimeNames.map(unitOf),
    settings: {},
    rounds: 1,
    minutes: 2,
    chart: "none",
  };
}

function rowOf(runtime: RuntimeName, name: string): string {
  return `${runtime}, ${name}`;
}

function unitOf(runtime: RuntimeName): Unit {
  return {
    name: `parsers on ${runtime}`,
    async run(signal) {
      return (await runBench("peers", runtime, signal)).map(({ id, ratios }): Sample => {
        // The first letter is the workload.
        return { row: rowOf(runtime, id.slice(2)), column: id.slice(0, 1), values: ratios };
      });
    },
  };
}
