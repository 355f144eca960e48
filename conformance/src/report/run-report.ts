import type { Attachment } from "../attachment.ts";
import type { Case, Level, Specification, Verdict } from "../case.ts";
import { type ExpectedFailures, expectationOf, unknownEntries } from "../expected-failures.ts";
import type { CaseResult } from "../run-case.ts";
import type { Run } from "../run-cases.ts";

/** The version of the form of reports; it rises when a member changes its meaning or goes. */
export const REPORT_SCHEMA = 1;

/** A run with all that its reader needs: what `--json` writes, and what every other form is made of. */
export interface RunReport {
  readonly schema: typeof REPORT_SCHEMA;
  readonly suite: { readonly name: string; readonly version: string };
  /** The command that ran it: `parser`. */
  readonly area: string;
  readonly subject: { readonly name: string; readonly version?: string; readonly capabilities: readonly string[] };
  /** What the suite ran on. */
  readonly runtime: string;
  /** The levels whose failures made the run fail. */
  readonly levels: readonly Level[];
  readonly seed: number;
  /** When it began, as ISO 8601. */
  readonly startedAt: string;
  readonly milliseconds: number;
  /** 0: no rule that gates is broken; 1: one is; 2: the suite or the attachment failed, so nothing is known. */
  readonly exitCode: 0 | 1 | 2;
  /** Why nothing is known, or what is wrong with the expected failures. */
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly cases: readonly ReportedCase[];
}

/** A case with what it came to. */
export interface ReportedCase extends CaseResult {
  readonly rule: string;
  readonly specification: Specification;
  readonly repair: string;
  /** Whether a failure of this level makes the run fail. */
  readonly gates: boolean;
  /** Whether it was expected to fail, and what that came to. */
  readonly expectation?: "failed-as-expected" | "passed-unexpectedly" | "flaky";
  /** Why it was expected to fail. */
  readonly reason?: string;
}

/** What a report is made of. */
export interface ReportSource {
  readonly run: Run;
  readonly cases: readonly Case<unknown>[];
  readonly attachment: Pick<Attachment<unknown>, "name" | "version" | "capabilities">;
  readonly area: string;
  readonly version: string;
  readonly runtime: string;
  readonly levels: readonly Level[];
  readonly expected?: ExpectedFailures;
  /** Ids of all cases of the area, whether they ran or not: an expected failure has to name one. */
  readonly known: readonly string[];
}

/** Judges a run. */
export function reportOf({ run, cases, attachment, levels, expected = {}, known, ...source }: ReportSource): RunReport {
  const byId = new Map(cases.map((testCase) => [testCase.id, testCase]));
  const reported = run.results.map((result) => reportedCase(result, byId, levels, expected));
  const unknown = unknownEntries(expected, known).map(
    (id) => `${id} is expected to fail, and is no case of ${source.area}`,
  );
  const errors = reported.filter(({ verdict }) => verdict === "error").map(({ id }) => `${id} came to an error`);
  const incomplete = run.results.length < cases.length ? ["The run was stopped before its end"] : [];
  const stale = reported.filter(({ expectation }) => expectation === "passed-unexpectedly");
  const broken = reported.filter(({ verdict, gates, expectation }) => verdict === "fail" && gates && !expectation);
  const refused = run.refused === undefined ? [] : [run.refused];
  const unsure = [...refused, ...errors, ...incomplete];
  return {
    schema: REPORT_SCHEMA,
    suite: { name: "@ssekit/conformance", version: source.version },
    area: source.area,
    subject: {
      name: attachment.name,
      ...(attachment.version !== undefined && { version: attachment.version }),
      capabilities: [...attachment.capabilities].sort(),
    },
    runtime: source.runtime,
    levels,
    seed: run.seed,
    startedAt: run.startedAt,
    milliseconds: run.milliseconds,
    exitCode: unsure.length > 0 ? 2 : broken.length + stale.length + unknown.length > 0 ? 1 : 0,
    faults: [
      ...unsure,
      ...unknown,
      ...stale.map(({ id }) => `${id} is expected to fail, and passed: take it off the list`),
    ],
    counts: countsOf(reported),
    cases: reported,
  };
}

function reportedCase(
  result: CaseResult,
  byId: ReadonlyMap<string, Case<unknown>>,
  levels: readonly Level[],
  expected: ExpectedFailures,
): ReportedCase {
  const testCase = byId.get(result.id);
  if (testCase === undefined) throw new Error(`Cannot report ${result.id}: it is none of the cases that were run`);
  const { rule, specification, repair } = testCase;
  const entry = expectationOf(result.id, expected);
  const passed = ["pass", "nonstrict", "info"].includes(result.verdict);
  const expectation =
    entry === undefined || (result.verdict !== "fail" && !passed)
      ? undefined
      : entry.flaky
        ? "flaky"
        : passed
          ? "passed-unexpectedly"
          : "failed-as-expected";
  return {
    ...result,
    rule,
    specification,
    repair,
    gates: levels.includes(specification.level),
    ...(expectation && { expectation, reason: entry?.reason ?? "" }),
  };
}

function countsOf(cases: readonly ReportedCase[]): Record<Verdict, number> {
  const counts = { pass: 0, nonstrict: 0, info: 0, fail: 0, unsupported: 0, blocked: 0, error: 0 };
  for (const { verdict } of cases) counts[verdict]++;
  return counts;
}
