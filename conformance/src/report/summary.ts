import type { Sentence, Specification } from "../case.ts";
import type { RunReport } from "./run-report.ts";

/** The pages that anchors name; without a name it is the standard's on event streams. */
const PAGES: Readonly<Record<string, string>> = {
  standard: "https://html.spec.whatwg.org/multipage/server-sent-events.html",
  iana: "https://html.spec.whatwg.org/multipage/iana.html",
  fetch: "https://fetch.spec.whatwg.org/",
  "sse-contract-tests": "https://github.com/launchdarkly/sse-contract-tests/blob/main/docs/optional_features.md",
};

/** The counts of a report as a sentence: `61 passed, 1 failed, 8 unsupported`. */
export function summaryOf({ counts, cases }: Pick<RunReport, "counts" | "cases">): string {
  const soft = cases.filter(({ verdict, gates }) => verdict === "fail" && !gates).length;
  const excused = cases.filter(({ verdict, expectation }) => verdict === "fail" && expectation !== undefined).length;
  const notes = [soft > 0 && `${soft} of them advice`, excused > 0 && `${excused} of them expected`].filter(Boolean);
  const parts = [
    `${counts.pass} passed`,
    `${counts.fail} failed${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`,
    counts.nonstrict > 0 && `${counts.nonstrict} tolerated`,
    counts.info > 0 && `${counts.info} recorded`,
    counts.unsupported > 0 && `${counts.unsupported} unsupported`,
    counts.blocked > 0 && `${counts.blocked} blocked`,
    counts.error > 0 && `${counts.error} errors`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** Why a rule binds, as a report shows it: the sentence in quotation marks and its address, or our reason. */
export function groundsOf(specification: Specification): { name: "standard" | "reason"; text: string; url?: string } {
  if ("reason" in specification) return { name: "reason", text: specification.reason };
  return { name: "standard", text: `"${specification.quote}"`, url: urlOf(specification) };
}

/** The address of a sentence. */
function urlOf({ anchor }: Sentence): string {
  const [, rfc, section] = /^(rfc\d+)-([\d.]+)$/.exec(anchor) ?? [];
  if (rfc !== undefined) return `https://www.rfc-editor.org/rfc/${rfc}#section-${section}`;
  const [page = "", fragment] = anchor.split("#");
  return fragment === undefined ? `${PAGES.standard}#${page}` : `${PAGES[page]}#${fragment}`;
}

/** Name and version of the subject. */
export function subjectOf({ subject: { name, version } }: Pick<RunReport, "subject">): string {
  return version === undefined ? name : `${name} ${version}`;
}
