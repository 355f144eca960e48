import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PATIENCE } from "testing";
import { describe, expect, it } from "vitest";
import { AREAS } from "./areas.ts";
import { runOptions } from "./cli/run-line.ts";
import { parseByReference } from "./mod.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const onNode = process.versions.bun === undefined && process.versions.deno === undefined;

describe("the README", () => {
  it("has an example of the reference model that runs", () => {
    const [, program = "", comment = ""] =
      /parseByReference } from.*\n\n(console\.log[^\n]*)\n((?:\/\/.*\n)+)/.exec(readme) ?? [];
    let logged: unknown;
    new Function("parseByReference", "console", program)(parseByReference, {
      log: (value: unknown) => (logged = value),
    });
    expect(logged).toEqual(new Function(`return ${comment.replaceAll(/^\/\/ /gm, "")}`)());
  });

  it("names options that exist, and every area", () => {
    const known = [...runOptions(), ...AREAS.flatMap(({ options }) => options)].map(({ long }) => long);
    const named = [...readme.matchAll(/(?<![-\w])--[a-z][a-z-]*/g)].map(([option]) => option);
    expect(named.filter((option) => !known.includes(option) && option !== "--help")).toEqual([]);
    for (const { name } of AREAS) expect(readme).toContain(`Test a ${name}`);
  });

  it.runIf(onNode)("shows JSON lines as our own program reads and writes them", { timeout: 60_000 * PATIENCE }, () => {
    const rows = [...readme.matchAll(/^\| `(\{"seq":.*?\})`[^|]*\| `(\{.*?\})`[;:,]? ?[^|]*\|$/gm)];
    const asked = rows.map(([, question = ""]) => question);
    expect(asked).toHaveLength(2);
    const testee = fileURLToPath(new URL("../testees/json-lines.ts", import.meta.url));
    const input = [...asked, '{"seq":3,"cmd":"anything"}', ""].join("\n");
    const stdout = execFileSync(process.execPath, ["--conditions=@ssekit/source", testee], { input, encoding: "utf8" });
    const lines = stdout.trim().split("\n");
    const answers = lines.map((line) => JSON.parse(line) as { seq: number }).sort((a, b) => a.seq - b.seq);
    expect(answers[0]).toMatchObject({ seq: 0, version: 1, capabilities: ["reconnection-time"] });
    expect(answers[1]).toEqual(JSON.parse(rows[1]?.[2] ?? ""));
    expect(answers[2]).toEqual({ seq: 3, unsupported: true });
  });
});
