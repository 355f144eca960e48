import type { ReportedCase, RunReport } from "./run-report.ts";

const STANDARD = "https://html.spec.whatwg.org/multipage/server-sent-events.html";

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

/** Where a sentence stands: an address for an anchor of the standard or of an RFC, else the name of the text. */
export function placeOf({ anchor }: ReportedCase["specification"]): string {
  const [, rfc, section] = /^(rfc\d+)-([\d.]+)$/.exec(anchor) ?? [];
  if (rfc !== undefined) return `https://www.rfc-editor.org/rfc/${rfc}#section-${section}`;
  return /^[a-zA-Z][\w-]*$/.test(anchor) ? `${STANDARD}#${anchor}` : anchor;
}

/** Name and version of the subject. */
export function subjectOf({ subject: { name, version } }: Pick<RunReport, "subject">): string {
  return version === undefined ? name : `${name} ${version}`;
}
