import { describe, expect, it } from "vitest";
import { type Case, CaseFailure, type Level } from "../case.ts";
import type { ExpectedFailures } from "../expected-failures.ts";
import { GATING_LEVELS, STRICT_LEVELS } from "../gating-levels.ts";
import { runCases } from "../run-cases.ts";
import { badgeOf } from "./badge.ts";
import { htmlOf } from "./html.ts";
import { junitOf } from "./junit.ts";
import { markdownOf } from "./markdown.ts";
import { type RunReport, reportOf } from "./run-report.ts";
import { groundsOf } from "./summary.ts";
import { wireText } from "./wire-text.ts";

const attachment = {
  name: "<subject> & co",
  version: "1.0",
  capabilities: new Set<string>(),
  open: async () => undefined,
  close: async () => {},
};

describe("reportOf()", () => {
  it.each([
    ["nothing is broken", [rule("a")], {}, 0],
    ["a rule that gates is broken", [rule("a"), rule("b", { fails: true })], {}, 1],
    ["advice is not taken", [rule("a", { fails: true, level: "PRACTICE" })], {}, 0],
    ["a failure was expected", [rule("a", { fails: true })], { "x/y/a": { reason: "known" } }, 0],
    ["an expected failure passed", [rule("a")], { "x/y/a": { reason: "known" } }, 1],
    ["a flaky case passed", [rule("a")], { "x/y/a": { reason: "known", flaky: true } }, 0],
    ["a flaky case failed", [rule("a", { fails: true })], { "x/y/a": { reason: "known", flaky: true } }, 0],
    ["an expected failure names no case", [rule("a")], { "x/y/z": { reason: "known" } }, 1],
    ["the harness failed, which is never excused", [rule("a", { throws: true })], { "x/y/a": { reason: "known" } }, 2],
  ])("when %s", async (_, cases, expected: ExpectedFailures, exitCode) => {
    expect((await reportFor(cases, { expected })).exitCode).toBe(exitCode);
  });

  it("lets advice gate under the strict levels", async () => {
    const cases = [rule("a", { fails: true, level: "SHOULD" })];
    expect((await reportFor(cases, { levels: STRICT_LEVELS })).exitCode).toBe(1);
  });

  it("knows nothing if the smoke case fails, or the run was stopped", async () => {
    expect((await reportFor([rule("a", { fails: true }), rule("b")], { smoke: "x/y/a" })).exitCode).toBe(2);
    const stopped = AbortSignal.abort();
    expect((await reportFor([rule("a")], { signal: stopped })).exitCode).toBe(2);
  });
});

describe("what is made of a report", () => {
  const hostile = "]]></script><b>\"'&\u0000\u001b|`\nsecond line";
  const made = reportFor([rule("good"), rule("bad", { fails: true, text: hostile })]);

  it("is a page that takes no text for markup, and loads nothing", async () => {
    const html = htmlOf([await made]);
    expect(html).not.toContain("<b>\"'");
    expect(html).toContain("&lt;b&gt;&quot;");
    expect(html).toContain("&lt;subject&gt; &amp; co 1.0");
    expect(html).not.toMatch(/<(script|link|img)|src=|@import|url\(/);
  });

  it("tells advice from broken rules", async () => {
    const html = htmlOf([await reportFor([rule("a", { fails: true, level: "PRACTICE" })])]);
    expect(html).toContain("Advice that is not followed <span>1</span>");
    expect(html).not.toContain("Broken rules");
  });

  it("is XML for JUnit with its counts", async () => {
    const xml = junitOf(await made);
    expect(xml).toContain('tests="2" failures="1" errors="0" skipped="0"');
    expect(xml).not.toContain("\u0000");
    expect(xml.match(/<testcase /g)).toHaveLength(2);
    expect(xml.replaceAll(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
  });

  it("is a table with a column for each subject", async () => {
    const report = await made;
    const markdown = markdownOf([report, { ...report, subject: { ...report.subject, name: "other" } }]);
    expect(markdown).toContain("| `x/y/good` | MUST | ✓ | ✓ |");
    expect(markdown).toContain("| `x/y/bad` | MUST | ✗ | ✗ |");
    expect(markdown).not.toContain("\nsecond line");
  });

  it("is a badge", async () => {
    expect(badgeOf(await made)).toContain("1/2 rules");
    expect(badgeOf(await reportFor([rule("a")]))).toContain("conforming");
  });
});

describe("wireText()", () => {
  it("keeps an entry to one line, and shows bytes that are no text", () => {
    expect(wireText({ at: 12, direction: "sent", hex: "646174613a200a" })).toBe("    12 ms  > data: \\n");
    expect(wireText({ at: 3, direction: "received", hex: "ff0a" })).toBe("     3 ms  < ff 0a");
    expect(wireText({ at: 0, direction: "received", text: "\ufeffa\u0000" })).toBe("     0 ms  < \\ufeffa\\u0000");
  });
});

describe("groundsOf()", () => {
  it.each([
    ["processField", "https://html.spec.whatwg.org/multipage/server-sent-events.html#processField"],
    ["iana#text/event-stream", "https://html.spec.whatwg.org/multipage/iana.html#text/event-stream"],
    ["fetch#cors-check", "https://fetch.spec.whatwg.org/#cors-check"],
    ["rfc9110-15.5.6", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6"],
  ])("of a sentence at %s has the address %s", (anchor, url) => {
    expect(groundsOf({ anchor, quote: "So.", level: "MUST" })).toEqual({ name: "standard", text: '"So."', url });
  });

  it("of a rule that no text has is our reason, without an address", () => {
    expect(groundsOf({ reason: "It costs memory.", level: "PRACTICE" })).toEqual({
      name: "reason",
      text: "It costs memory.",
    });
  });
});

interface RuleParts {
  readonly fails?: boolean;
  readonly throws?: boolean;
  readonly level?: Level;
  readonly text?: string;
}

function rule(slug: string, { fails, throws, level = "MUST", text = "wrong" }: RuleParts = {}): Case<unknown> {
  return {
    id: `x/y/${slug}`,
    rule: "It works.",
    specification: { anchor: "processField", quote: "It works.", level },
    repair: "Make it work.",
    since: "0.1.0",
    async run(_, { wire }) {
      wire("sent", text);
      if (fails) throw new CaseFailure(text, { expected: "right", actual: text });
      if (throws) throw new TypeError("the harness");
      return undefined;
    },
  };
}

async function reportFor(
  cases: readonly Case<unknown>[],
  options: {
    readonly expected?: ExpectedFailures;
    readonly levels?: readonly Level[];
    readonly smoke?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<RunReport> {
  const { expected = {}, levels = GATING_LEVELS, ...runOptions } = options;
  const run = await runCases(cases, attachment, { seed: 1, ...runOptions });
  const known = cases.map(({ id }) => id);
  return reportOf({
    run,
    cases,
    attachment,
    area: "parser",
    version: "0.1.0",
    runtime: "here",
    levels,
    expected,
    known,
  });
}
