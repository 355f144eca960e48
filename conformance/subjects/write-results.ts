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
    replacePart(area.name, `## ${area.name}\n\n${facts} ${note}\n\n${markdownOf(reports)}`);
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

/** Puts the part of one area in place of what the page had, and leaves the others. */
function replacePart(area: string, part: string): void {
  const text = existsSync(page) ? readFileSync(page, "utf8") : HEAD;
  const [, ...parts] = text.split(/^(?=## )/m);
  const others = parts.filter((other) => !other.startsWith(`## ${area}\n`)).map((other) => other.trimEnd());
  writeFileSync(page, `${[HEAD.trimEnd(), ...[...others, part.trimEnd()].sort()].join("\n\n")}\n`);
}
