import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Finding } from "../src/case.ts";
import { runtimeName } from "../src/cli/runtime-name.ts";
import { suiteVersion } from "../src/cli/suite-version.ts";
import { GATING_LEVELS } from "../src/gating-levels.ts";
import { markdownOf } from "../src/report/markdown.ts";
import { type RunReport, reportOf } from "../src/report/run-report.ts";
import { runCases } from "../src/run-cases.ts";
import type { AttachedSubject, ForeignSubjects } from "./subject.ts";

const page = new URL("../../docs/results.md", import.meta.url);

const HEAD = `# Results

What \`@ssekit/conformance\` finds in software that is not ours. A table is a snapshot of the versions that it names; what
a subject doesn't claim to do is "not supported", and no fault. Each line can be repeated with the command of its area.
Found something unfair? It is a bug of the suite: please report it. Written by \`npm run test:long\`.
`;

/** The seed of what is drawn, so that the page changes only when software does. */
const SEED = 1;

/** Tests, at length, that the subjects of an area can be judged, and writes its part of docs/results.md. */
export function writeResults<Subject>(foreign: ForeignSubjects<Subject>, timeout = 600_000): void {
  const { area, note, subjects } = foreign;
  it(`writes the results of ${area.name}`, { timeout }, async () => {
    const reports: RunReport[] = [];
    for (const subject of subjects) {
      reports.push("report" in subject ? await subject.report() : await reportFor(area, subject));
    }
    expect(reports.filter(({ exitCode }) => exitCode === 2).map(({ faults }) => faults)).toEqual([]);
    const facts = `${new Date().toISOString().slice(0, 10)}, on ${runtimeName()}, ${suiteVersion()} of the suite.`;
    const text = existsSync(page) ? readFileSync(page, "utf8") : HEAD;
    writeFileSync(page, withPart(text, area.name, `## ${area.name}\n\n${facts} ${note}\n\n${markdownOf(reports)}`));
  });
}

async function reportFor<Subject>(
  { name, cases: all, smoke, concurrency = 1 }: ForeignSubjects<Subject>["area"],
  { attach, leaves = [] }: AttachedSubject<Subject>,
): Promise<RunReport> {
  const cases = all.map((one) => (leaves.includes(one.id) ? { ...one, run: left } : one));
  const attachment = await attach();
  try {
    const run = await runCases(cases, attachment, { seed: SEED, smoke, concurrency });
    const known = cases.map(({ id }) => id);
    const source = { version: suiteVersion(), runtime: runtimeName(), levels: GATING_LEVELS, known };
    return reportOf({ run, cases, attachment, area: name, ...source });
  } finally {
    await attachment.close();
  }
}

async function left(): Promise<Finding> {
  return { verdict: "unsupported", message: "it is left to the application" };
}

/**
 * The page with the part of one area in place of what it had; the others stay. What it had stays too where all that
 * differs is what differs in each run: the date, and the ports, ids and times that failures tell.
 */
export function withPart(text: string, area: string, part: string): string {
  const parts = text.split(/^(?=## )/m).slice(1);
  const isOf = (other: string): boolean => other.startsWith(`## ${area}\n`);
  const before = parts.find(isOf) ?? "";
  const kept = resultsOf(before) === resultsOf(part) ? before : part;
  const all = [...parts.filter((other) => !isOf(other)), kept].map((one) => one.trimEnd());
  return `${[HEAD.trimEnd(), ...all.sort()].join("\n\n")}\n`;
}

/** What a part says of its subjects that is the same in each run. */
function resultsOf(part: string): string {
  return part
    .trimEnd()
    .replace(/^\d{4}-\d{2}-\d{2}, /m, "")
    .replaceAll(/^(- `.*?) expected .*$/gm, "$1");
}
