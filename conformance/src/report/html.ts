import { escapeMarkup as text } from "./escape-markup.ts";
import { HTML_STYLE } from "./html-style.ts";
import type { ReportedCase, RunReport } from "./run-report.ts";
import { groundsOf, subjectOf, summaryOf } from "./summary.ts";
import { wireText } from "./wire-text.ts";

/** Reports as one page that needs nothing else: failures first and open, each with what went over the wire. */
export function htmlOf(reports: readonly RunReport[]): string {
  const title = `Event stream conformance: ${reports.map(subjectOf).join(", ")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<main>
${reports.map(section).join("\n")}
</main>
</body>
</html>
`;
}

function section(report: RunReport): string {
  const { area, suite, runtime, seed, startedAt, milliseconds, faults, exitCode } = report;
  const state = exitCode === 0 ? "good" : exitCode === 1 ? "bad" : "unsure";
  const facts = [
    `${suite.name} ${suite.version}`,
    runtime,
    `seed ${seed}`,
    `${startedAt.slice(0, 16).replace("T", " ")} UTC`,
    `${(milliseconds / 1000).toFixed(1)} s`,
  ];
  const groups = GROUPS.map((group) => groupOf(group, report.cases)).join("");
  return `<header class="${state}">
<p class="area">${text(area)}</p>
<h1>${text(subjectOf(report))}</h1>
<p class="verdict">${text(HEADLINES[exitCode])}</p>
<p>${text(summaryOf(report))}</p>
<p class="facts">${facts.map(text).join(" · ")}</p>
${faults.length > 0 ? `<ul class="faults">${faults.map((fault) => `<li>${text(fault)}</li>`).join("")}</ul>` : ""}
</header>
${groups}`;
}

const HEADLINES = {
  0: "No rule that gates is broken.",
  1: "Not conforming.",
  2: "Not known: the suite or the attachment failed.",
} as const;

/** The parts of the page: a title, and which cases stand in it, open or not. */
const GROUPS: readonly (readonly [title: string, open: boolean, holds: (reported: ReportedCase) => boolean])[] = [
  ["Errors of the suite or the attachment", true, ({ verdict }) => verdict === "error"],
  ["Broken rules", true, ({ verdict, gates }) => verdict === "fail" && gates],
  ["Advice that is not followed", true, ({ verdict, gates }) => verdict === "fail" && !gates],
  ["Tolerated", false, ({ verdict }) => verdict === "nonstrict"],
  ["Free choices, recorded", false, ({ verdict }) => verdict === "info"],
  ["Not supported by the subject", false, ({ verdict }) => verdict === "unsupported"],
  ["Blocked by another case", false, ({ verdict }) => verdict === "blocked"],
  ["Kept rules", false, ({ verdict }) => verdict === "pass"],
];

function groupOf([title, open, holds]: (typeof GROUPS)[number], cases: readonly ReportedCase[]): string {
  const members = cases.filter(holds);
  if (members.length === 0) return "";
  return `<section>
<h2>${title} <span>${members.length}</span></h2>
${members.map((member) => entry(member, open)).join("\n")}
</section>`;
}

function entry(reported: ReportedCase, open: boolean): string {
  const {
    id,
    verdict,
    specification,
    rule,
    message,
    expected,
    actual,
    repair,
    wire = [],
    expectation,
    reason,
  } = reported;
  const grounds = groundsOf(specification);
  const [first = "", ...dump] = (message ?? "").split("\n");
  const parts = [
    message !== undefined && `<p class="message">${text(first)}</p>`,
    dump.length > 0 && `<pre>${text(dump.join("\n"))}</pre>`,
    expectation && `<p class="message">${text(expectation.replaceAll("-", " "))}: ${text(reason ?? "")}</p>`,
    `<dl>`,
    expected !== undefined && `<dt>expected</dt><dd><code>${text(expected)}</code></dd>`,
    actual !== undefined && `<dt>got</dt><dd><code class="got">${text(actual)}</code></dd>`,
    `<dt>${grounds.name}</dt><dd>${text(grounds.text)}${grounds.url ? ` ${link(grounds.url)}` : ""}</dd>`,
    open && `<dt>repair</dt><dd>${text(repair)}</dd>`,
    `</dl>`,
    wire.length > 0 &&
      `<details><summary>On the wire (${wire.length})</summary><pre>${text(wire.map(wireText).join("\n"))}</pre></details>`,
  ];
  return `<details class="case ${verdict}${reported.gates ? "" : " advice"}" id="${text(id)}"${open ? " open" : ""}>
<summary><b>${text(rule)}</b><code>${text(id)}</code><i>${specification.level}</i></summary>
${parts.filter(Boolean).join("\n")}
</details>`;
}

function link(url: string): string {
  return `<a href="${text(url)}">#${text(url.split("#")[1] ?? "")}</a>`;
}
