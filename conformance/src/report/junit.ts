import { escapeMarkup } from "./escape-markup.ts";
import type { ReportedCase, RunReport } from "./run-report.ts";
import { groundsOf, subjectOf } from "./summary.ts";
import { wireText } from "./wire-text.ts";

/** A report as JUnit XML, which most CI systems read. What doesn't gate counts as skipped. */
export function junitOf(report: RunReport): string {
  const { cases, area, milliseconds, startedAt } = report;
  const counted = cases.map(testcaseOf);
  const count = (kind: string): number => counted.filter(({ outcome }) => outcome === kind).length;
  const attributes = [
    `name="${escapeMarkup(`${area}: ${subjectOf(report)}`)}"`,
    `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`,
    `time="${milliseconds / 1000}" timestamp="${startedAt.slice(0, 19)}"`,
  ].join(" ");
  const body = counted.map(({ xml }) => `    ${xml}\n`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite ${attributes}>\n${body}  </testsuite>\n</testsuites>\n`;
}

function testcaseOf(reported: ReportedCase): { outcome: "failure" | "error" | "skipped" | undefined; xml: string } {
  const { id, verdict, message = "", expectation, gates, milliseconds, reason = "" } = reported;
  const head = `<testcase classname="${id.split("/").slice(0, 2).join(".")}" name="${escapeMarkup(id)}" time="${milliseconds / 1000}"`;
  const with_ = (outcome: "failure" | "error" | "skipped", note: string, body = ""): ReturnType<typeof testcaseOf> => ({
    outcome,
    xml: `${head}><${outcome} message="${escapeMarkup(note.split("\n")[0] ?? "")}">${escapeMarkup(body)}</${outcome}></testcase>`,
  });
  if (expectation === "passed-unexpectedly") return with_("failure", "is expected to fail, and passed");
  if (verdict === "error") return with_("error", message, explained(reported));
  if (verdict === "fail") {
    if (expectation !== undefined) return with_("skipped", `failed as expected: ${reason}`);
    if (!gates) return with_("skipped", `advice: ${message}`);
    return with_("failure", message, explained(reported));
  }
  if (verdict === "unsupported" || verdict === "blocked") return with_("skipped", `${verdict}: ${message}`);
  return { outcome: undefined, xml: `${head}/>` };
}

function explained({ rule, message, expected, actual, specification, repair, wire = [] }: ReportedCase): string {
  const grounds = groundsOf(specification);
  return [
    rule,
    message,
    expected !== undefined && `expected: ${expected}`,
    actual !== undefined && `got: ${actual}`,
    `${grounds.name}: ${grounds.text}${grounds.url ? ` (${grounds.url})` : ""}`,
    `repair: ${repair}`,
    ...wire.map(wireText),
  ]
    .filter(Boolean)
    .join("\n");
}
