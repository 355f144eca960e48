// The command line of the comparisons: `npm run bench -- [name ...]`.
import { Command, InvalidArgumentError } from "commander";
import { comparisons } from "./comparisons.ts";
import { formatResult } from "./format-result.ts";
import { writeResult } from "./result-files.ts";
import { runComparison } from "./run-comparison.ts";

interface Flags {
  readonly rounds?: number;
  readonly minutes?: number;
  readonly connections?: number;
  readonly only?: string;
  readonly json: boolean;
  readonly write: boolean;
  readonly quiet: boolean;
}

const names = Object.keys(comparisons);

await new Command("npm run bench --")
  .description("Measures this repository's packages beside their floors and peers, each row in turn with the others.")
  .argument("[name...]", `comparisons to run, all by default: ${names.join(", ")}`, parseName, [])
  .option("--rounds <number>", "how often each row is measured (default: the comparison's own)", whole)
  .option(
    "--minutes <number>",
    "how long all of it may take: rounds that would not fit are left out (default: 32 for all)",
    whole,
  )
  .option("--connections <number>", "connections to each server, to try it out (default: the comparison's own)", whole)
  .option("--only <text>", "only rows whose name has this in it, to try them out")
  .option("--write", "keep the result and its charts in benchmarks/results", false)
  .option("--json", "print the results as JSON", false)
  .option("-q, --quiet", "show no progress", false)
  .addHelpText(
    "after",
    "\nGoals are those of the tables' own text; one that is missed has a `!`. Nothing else should run meanwhile.",
  )
  .action(main)
  .parseAsync();

async function main(asked: readonly string[], flags: Flags): Promise<void> {
  const wanted = asked.length > 0 ? asked : names;
  const chosen = (await Promise.all(wanted.map((name) => comparisons[name]?.(flags)))).filter(
    (one) => one !== undefined,
  );
  const minutes = chosen.reduce((sum, one) => sum + one.minutes, 0);
  const scale = (flags.minutes ?? minutes) / minutes;
  // What one comparison leaves of its time the next one has.
  let deadline = performance.now();
  const results = [];
  for (const comparison of chosen) {
    deadline += comparison.minutes * scale * 60_000;
    const units = comparison.units.filter((unit) => unit.name.toLowerCase().includes(flags.only?.toLowerCase() ?? ""));
    const result = await runComparison(
      { ...comparison, units },
      { rounds: flags.rounds ?? comparison.rounds, deadline, onProgress: flags.quiet ? () => {} : showProgress },
    );
    if (!flags.quiet) showProgress("");
    if (!flags.json) console.log(`${formatResult(result)}\n`);
    if (flags.write) writeResult(result);
    if (result.failures.length > 0) process.exitCode = 1;
    results.push(result);
  }
  if (flags.write) console.error("benchmarks/results is written: npm run sync brings it into the documents");
  if (flags.json) console.log(JSON.stringify(results, undefined, 2));
}

/** One line that is written over on a terminal; a line each elsewhere. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (line !== "") process.stderr.write(`${line}\n`);
}

function parseName(text: string, before: readonly string[]): string[] {
  if (names.includes(text)) return [...before, text];
  throw new InvalidArgumentError(`Give one of ${names.join(", ")}`);
}

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number of at least 1");
}
