import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ended, runProgram } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));

describe("ssekit-conformance does not wait for ever", { timeout: 180_000 }, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "conformance-late-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (text: string, ...args: string[]): Promise<Ended> => {
    writeFileSync(join(folder, "subject.mjs"), text);
    return runProgram([process.execPath, "--conditions=@ssekit/source", cli, ...args], { cwd: folder });
  };
  const never = "new Promise(() => {})";

  it.each([
    [
      "a driver that starts",
      `export default { start: () => ${never}, publish() {} };`,
      ["server", "--driver", "subject.mjs"],
      "Cannot start the server: it came to no end within 30 s; see start() of the driver",
    ],
    [
      "a driver that stops",
      `export default { start: () => "http://127.0.0.1:1/", publish() {}, stop: () => ${never} };`,
      ["server", "--driver", "subject.mjs"],
      "Cannot stop the server: it came to no end within 10 s; see stop() of the driver",
    ],
    [
      "a module",
      `await ${never};`,
      ["parser", "--module", "./subject.mjs#createParser"],
      "importing ./subject.mjs failed: it came to no end within 30 s",
    ],
    [
      "a program's first answer",
      "process.stdin.resume();",
      ["parser", "--", process.execPath, "subject.mjs"],
      'it gave no answer to "start": it came to no end within 30 s; the README has the protocol',
    ],
  ])("for %s", async (_what, text, args, message) => {
    const { stderr, code } = await run(text, ...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
