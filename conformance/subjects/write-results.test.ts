import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withPart } from "./write-results.ts";

const onOneDay = part("2026-11-25", { got: '"http://127.0.0.1:44507/5-i8mqlu"' });
const page = withPart(withPart("", "server", onOneDay), "client", "## client\n\nNothing yet.\n");

function part(
  date: string,
  { got, mark = "✗", version = "1.0.0" }: { got: string; mark?: string; version?: string },
): string {
  return `## server\n\n${date}, on Node.js.\n\n- it ${version}: 1 failed\n\n| \`a/b/c\` | MUST | ${mark} |\n\n### it ${version}\n\n- \`a/b/c\`: It works. expected "x", got ${got}\n`;
}

describe("withPart()", () => {
  it("keeps the parts of other areas, sorted, below the head of the page", () => {
    expect(page).toMatch(/^# Results\n/);
    expect(page.indexOf("## client")).toBeLessThan(page.indexOf("## server"));
    expect(withPart(page, "client", "## client\n\nMore.\n")).toBe(page.replace("Nothing yet.", "More."));
  });

  it("leaves a part whose results are those of another day, with other ports and ids", () => {
    expect(withPart(page, "server", part("2026-12-24", { got: '"http://127.0.0.1:1/5-other"' }))).toBe(page);
  });

  it.each([
    ["verdict", { got: "nothing", mark: "✓" }],
    ["version", { got: "nothing", version: "1.0.1" }],
  ])("takes another %s, with its day", (_what, change) => {
    const next = withPart(page, "server", part("2026-12-24", change));
    expect(next).toContain("2026-12-24");
    expect(next).not.toContain("i8mqlu");
  });

  it("leaves the page of this repository as it is, each part against itself", () => {
    const text = readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8");
    for (const own of text.split(/^(?=## )/m).slice(1)) {
      expect(withPart(text, /^## (\w+)/.exec(own)?.[1] ?? "", own)).toBe(text);
    }
  });
});
