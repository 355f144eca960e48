import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeWith, PATIENCE, runProgram } from "testing";
import { describe, expect, it } from "vitest";
import { runHere } from "../../testees/run-here.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const codec = fileURLToPath(new URL("../../testees/codec.ts", import.meta.url));
/** Most of a start is the reading of modules, which need not be done each time. */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), "ssekit-conformance-cache"), TERM: "xterm", NO_COLOR: "" };
const onNode = process.versions.bun === undefined && process.versions.deno === undefined;
// The one of util-linux: others take their command otherwise.
const hasScript = process.platform === "linux";

const line = ["parser", "--module", `${codec}#createParser`, "--only", "parse/id/*"];
const command = `'${[process.execPath, "--conditions=@ssekit/source", cli, ...line].join("' '")}'`;
/** Begins the status line anew. */
const ANEW = "\r\u001b[2K";
/** The status line as it is when the third of seven cases runs. */
const THIRD = `${ANEW}2/7  parse/id/empty-resets`;

describe.runIf(onNode && hasScript)("the progress of ssekit-conformance", { timeout: 60_000 * PATIENCE }, () => {
  describeWith("script", "on a terminal", (script) => {
    /** Runs a line of the shell on a terminal of its own, and gives all that it shows there. */
    const onTerminal = async (line: string): Promise<string> => {
      const { stdout, code } = await runProgram([script, "-qec", line, "/dev/null"], { env });
      expect(code).toBe(0);
      return stdout;
    };

    it("is shown, and gone at the end", async () => {
      const shown = await onTerminal(command);
      expect(shown).toContain(THIRD);
      const [, after = ""] = shown.split(`${ANEW}7/7  `);
      expect(after.startsWith(ANEW)).toBe(true);
      expect(after).toContain("7 passed, 0 failed");
    });
  });

  it("is shown beside a report on standard output, and not in it", async () => {
    const { stdout, stderr } = await runHere([...line, "--json", "-"], { isTTY: true });
    expect(stderr).toContain(THIRD);
    expect(JSON.parse(stdout)).toMatchObject({ counts: { pass: 7 } });
  });

  it("is not shown where nobody watches", async () => {
    const { stdout, stderr } = await runHere(line);
    expect(stdout).toContain("7 passed, 0 failed");
    for (const part of ["\r", "\u001b"]) expect(stdout + stderr).not.toContain(part);
  });
});
