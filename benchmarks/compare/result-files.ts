import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Result } from "./comparison.ts";

const folder = new URL("../results/", import.meta.url);

/** Keeps a result in `benchmarks/results`, with five digits of each figure. */
export function writeResult(result: Result): void {
  const text = JSON.stringify(
    result,
    (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(5)) : value),
    1,
  );
  mkdirSync(folder, { recursive: true });
  // The figures of a row and column stand on one line.
  const compact = text.replace(/\[[\s\d.,e+-]+(?:null[\s\d.,e+-]*)*\]/g, (list) => list.replace(/\s+/g, ""));
  writeFileSync(new URL(`${result.name}.json`, folder), `${compact}\n`);
}

/** All results that are kept, by name. */
export function readResults(): Map<string, Result> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const results = files.map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Result);
  return new Map(results.map((result) => [result.name, result]));
}
