import { readFileSync, writeFileSync } from "node:fs";
import { InvalidArgumentError, Option } from "commander";
import { type ExpectedFailures, parseExpectedFailures, updatedExpectations } from "../expected-failures.ts";
import { badgeOf } from "../report/badge.ts";
import { htmlOf } from "../report/html.ts";
import { junitOf } from "../report/junit.ts";
import { markdownOf } from "../report/markdown.ts";
import { REPORT_SCHEMA, type RunReport } from "../report/run-report.ts";
import type { TextStream } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** The options that every area has. */
export interface RunLine {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly asOf?: string;
  readonly strict?: true;
  readonly seed?: number;
  readonly replay?: string;
  readonly expectedFailures?: string;
  readonly updateExpected?: true;
  readonly watch?: true;
  readonly verbose?: true;
  readonly json?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly badge?: string;
}

/** The same, for the help. */
export function runOptions(): Option[] {
  return [
    new Option("--only <ids...>", "run these cases alone: ids, or globs such as parse/retry/*").argParser(addId),
    new Option("--skip <ids...>", "leave these cases out").argParser(addId),
    new Option("--strict", "let advice (SHOULD, PRACTICE) fail the run too"),
    new Option("--as-of <version>", "the cases that the suite had in this version, retired ones too").argParser(
      parseVersion,
    ),
    new Option("--seed <number>", "what drawn cases draw from; each run prints its own").argParser(parseSeed),
    new Option("--replay <report.json>", "run again what did not pass in a report, with its seed"),
    new Option(
      "--expected-failures <file>",
      "JSON of failures that are known: id or glob to { reason, issue?, flaky? }",
    ),
    new Option("--update-expected", "write that file as this run would have it"),
    new Option("--watch", "run again whenever a file in this folder changes"),
    new Option("--verbose", "print the cases that pass too"),
    new Option("--json <file>", "write the report as JSON; - for standard output"),
    new Option("--junit <file>", "write it as JUnit XML"),
    new Option("--html <file>", "write it as a page, with all that went over the wire"),
    new Option("--markdown <file>", "write it as a table"),
    new Option("--badge <file>", "write an SVG badge"),
  ];
}

/** These options take what follows too, such as the URL. */
function addId(text: string, ids: readonly string[] = []): readonly string[] {
  if (!text.includes("://")) return [...ids, text];
  throw new InvalidArgumentError("It is no id of a case: put the URL before this option");
}

function parseSeed(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 31) return Number(text);
  throw new InvalidArgumentError("Give a whole number below 2147483648");
}

function parseVersion(text: string): string {
  if (/^\d+\.\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError("Give a version such as 0.1.0");
}

/** Reads reports that `--json` wrote. */
export function readReport(file: string): RunReport {
  const report = JSON.parse(readText(file, "the report")) as Partial<RunReport>;
  if (report.schema === REPORT_SCHEMA) return report as RunReport;
  throw new UsageError(`Cannot read the report ${file}: its schema is ${report.schema}, and ${REPORT_SCHEMA} is known`);
}

/** Reads the file of expected failures; nothing is expected without one. */
export function readExpectedFailures({ expectedFailures: file, updateExpected }: RunLine): ExpectedFailures {
  if (file === undefined) {
    if (updateExpected)
      throw new UsageError("Cannot update the expected failures: name their file by --expected-failures");
    return {};
  }
  try {
    return parseExpectedFailures(updateExpected ? readIfThere(file) : readText(file, "the expected failures"));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`Cannot read the expected failures ${file}: ${error.message}`);
  }
}

/** Writes every form of the report that was asked for. */
export function writeReports(line: RunLine, report: RunReport, stdout: TextStream): void {
  if (line.json !== undefined) write(line.json, `${JSON.stringify(report, undefined, 2)}\n`, stdout);
  if (line.junit !== undefined) write(line.junit, junitOf(report), stdout);
  if (line.html !== undefined) write(line.html, htmlOf([report]), stdout);
  if (line.markdown !== undefined) write(line.markdown, markdownOf([report]), stdout);
  if (line.badge !== undefined) write(line.badge, badgeOf(report), stdout);
}

/** Writes the expected failures anew. */
export function writeExpectedFailures(
  file: string,
  expected: ExpectedFailures,
  report: RunReport,
  known: readonly string[],
  stdout: TextStream,
): void {
  const ran = report.cases.map(({ id }) => id);
  const failed = report.cases.filter(({ verdict, gates }) => verdict === "fail" && gates).map(({ id }) => id);
  const text = `${JSON.stringify(updatedExpectations(expected, { failed, ran, known }), undefined, 2)}\n`;
  write(file, text, stdout);
}

/** Writes text to a file, or with - to standard output. */
export function write(file: string, text: string, stdout: TextStream): void {
  try {
    if (file === "-") stdout.write(text);
    else writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`Cannot write ${file}: ${(error as Error).message}`);
  }
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`Cannot read ${what} ${file}: ${(error as Error).message}`);
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "{}";
  }
}
