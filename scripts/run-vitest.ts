import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { run } from "./run-command.ts";
import type { Runtime } from "./runtimes.ts";
import type { Counts } from "./test-counts.ts";

/** The part that we read of what vitest's JSON reporter writes. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** What a run may leave out. */
export interface VitestOptions {
  projects: readonly string[];
  /** Passed to vitest as they are: file filters and options. */
  args: readonly string[];
  /** Show vitest's own report while it runs, instead of only after a failure. */
  live: boolean;
  /** It runs beside no other: it may take the whole machine. */
  alone?: boolean;
  /** Run the `*.long.test.ts` too. */
  long?: boolean;
}

/** Runs the projects' tests under a runtime; a run that crashes counts as one failure more. */
export async function runVitest(
  runtime: Runtime,
  { projects, args, live, alone = false, long = false }: VitestOptions,
): Promise<Counts> {
  const file = join(root, ".test-results", `${runtime.name.toLowerCase().replace(" ", "-")}.json`);
  mkdirSync(join(root, ".test-results"), { recursive: true });
  rmSync(file, { force: true });
  const { ok, output } = await run(
    runtime.binary ?? "",
    [
      ...runtime.args,
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      `--pool=${runtime.pool}`,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
      "--passWithNoTests",
      // Vitest leaves one processor to itself, though of two it needs none: many tests wait for other programs.
      ...(alone ? [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`] : []),
      ...projects.map((name) => `--project=${name}`),
      ...args,
    ],
    { live, env: { LONG_TESTS: long ? "true" : "" } },
  );
  const counts = readReport(file);
  if (!ok && counts.failed === 0) counts.failed = 1;
  if (!live && counts.failed > 0) console.log(`\n${runtime.name}:\n${output}`);
  return counts;
}

function readReport(file: string): Counts {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // A file that can't even be loaded has no test in it: it is one failure.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
