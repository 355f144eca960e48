import type { Verdict } from "../case.ts";
import type { RunReport } from "./run-report.ts";
import { subjectOf, summaryOf } from "./summary.ts";

/** Reports of one area as a table: a row for each case, a column for each subject, and what failed below. */
export function markdownOf(reports: readonly RunReport[]): string {
  const [first] = reports;
  if (first === undefined) return "";
  const ids = [...new Set(reports.flatMap(({ cases }) => cases.map(({ id }) => id)))];
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const table = [
    row(["case", "level", ...reports.map((report) => cell(subjectOf(report)))]),
    row(["---", "---", ...reports.map(() => ":-:")]),
    ...ids.map((id) => {
      const results = reports.map(({ cases }) => cases.find((result) => result.id === id));
      const level = results.find((result) => result !== undefined)?.level ?? "";
      return row([`\`${id}\``, level, ...results.map((result) => (result ? MARKS[result.verdict] : ""))]);
    }),
  ].join("");
  const counts = reports.map((report) => `- ${subjectOf(report)}: ${summaryOf(report)}\n`).join("");
  const failures = reports.flatMap((report) => failuresOf(report)).join("");
  return `${counts}\n${table}\n${LEGEND}\n${failures}`;
}

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: "✓",
  nonstrict: "~",
  info: "i",
  fail: "✗",
  unsupported: "–",
  blocked: "·",
  error: "!",
};

const LEGEND = "✓ kept, ✗ broken, ~ tolerated, i recorded, – not supported, · blocked by another, ! not known.\n";

function failuresOf(report: RunReport): string[] {
  const failed = report.cases.filter(({ verdict }) => verdict === "fail" || verdict === "error");
  if (failed.length === 0) return [];
  const lines = failed.map(({ id, rule, expected, actual, message = "" }) => {
    const seen = expected === undefined ? cell(message) : `expected ${cell(expected)}, got ${cell(actual ?? "")}`;
    return `- \`${id}\`: ${rule} ${seen}\n`;
  });
  return [`\n### ${subjectOf(report)}\n\n${lines.join("")}`];
}

/** Text that keeps to one line and to its cell. */
function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").replaceAll(/[|\\`<*_]/g, "\\$&");
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
