import type { AreaCommand } from "../area-command.ts";
import { GATING_LEVELS, STRICT_LEVELS } from "../gating-levels.ts";
import { type RunReport, reportOf } from "../report/run-report.ts";
import { TerminalReport } from "../report/terminal.ts";
import { beforeAbort } from "../run-case.ts";
import { runCases } from "../run-cases.ts";
import { matchesGlob, selectCases } from "../select-cases.ts";
import type { Output } from "./output.ts";
import { type RunLine, readExpectedFailures, readReport, writeExpectedFailures, writeReports } from "./run-line.ts";
import { runtimeName } from "./runtime-name.ts";
import { suiteVersion } from "./suite-version.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line says. */
export interface AreaLine {
  readonly argument: string | undefined;
  readonly options: RunLine & Readonly<Record<string, unknown>>;
  /** What stands behind `--`. */
  readonly command: readonly string[];
  /** Stops the run. */
  readonly signal: AbortSignal;
}

/** Runs the cases of an area as the command line asks, reports, and gives the exit code. */
export async function runArea(area: AreaCommand<unknown>, line: AreaLine, output: Output): Promise<0 | 1 | 2> {
  const { options } = line;
  const expected = readExpectedFailures(options);
  const replayed = options.replay === undefined ? undefined : readReport(options.replay);
  const cases = casesOf(area, options, replayed);
  // The report is alone on standard output where it is asked for there.
  const toStdout = [options.json, options.junit, options.html, options.markdown, options.badge].includes("-");
  const terminal = new TerminalReport(toStdout ? output.stderr : output.stdout, {
    verbose: options.verbose ?? false,
  });
  const attachment = await beforeAbort(area.attach(line), line.signal);
  try {
    const seed = options.seed ?? replayed?.seed;
    const run = await runCases(cases, attachment, {
      ...(seed !== undefined && { seed }),
      signal: line.signal,
      smoke: area.smoke,
      concurrency: area.concurrency ?? 1,
      onEvent: (event) => terminal.onEvent(event),
    });
    const known = area.cases.map(({ id }) => id);
    const source = { run, cases, attachment, area: area.name, version: suiteVersion(), runtime: runtimeName(), known };
    const levels = options.strict ? STRICT_LEVELS : GATING_LEVELS;
    const report = reportOf({ ...source, levels, expected });
    terminal.show(report);
    writeReports(options, report, output.stdout);
    if (options.updateExpected && options.expectedFailures !== undefined && report.exitCode !== 2) {
      writeExpectedFailures(options.expectedFailures, expected, report, known, output.stdout);
      return 0;
    }
    return report.exitCode;
  } finally {
    await attachment.close();
  }
}

function casesOf(
  area: AreaCommand<unknown>,
  options: RunLine,
  replayed: RunReport | undefined,
): AreaCommand<unknown>["cases"] {
  const again = replayed?.cases.filter(({ verdict }) => verdict === "fail" || verdict === "error").map(({ id }) => id);
  if (again?.length === 0) throw new UsageError(`Cannot replay ${options.replay}: nothing in it failed`);
  const { only, skip, asOf } = options;
  for (const glob of [...(only ?? []), ...(skip ?? [])]) {
    if (area.cases.some(({ id }) => matchesGlob(id, glob))) continue;
    throw new UsageError(
      `Cannot take ${glob}: no case of ${area.name} has that id; see ssekit-conformance list ${area.name}`,
    );
  }
  const cases = selectCases(area.cases, {
    ...((only ?? again) && { only: only ?? again ?? [] }),
    ...(skip && { skip }),
    ...(asOf !== undefined && { asOf }),
  });
  if (cases.length > 0) return cases;
  throw new UsageError(`Cannot run a case: none of ${area.name} is left; see ssekit-conformance list ${area.name}`);
}
