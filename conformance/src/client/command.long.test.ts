import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeWith, type Ended, runProgram } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));

describe("ssekit-conformance client --browser", { timeout: 240_000 }, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "conformance-client-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  for (const [program, browser] of [
    ["chromium", "chromium"],
    ["firefox-esr", "firefox"],
    ["WebKitWebDriver", "webkit"],
  ] as const) {
    describeWith(program, browser, () => {
      const run = (...args: string[]): Promise<Ended> =>
        runProgram([process.execPath, "--conditions=@ssekit/source", cli, "client", "--browser", browser, ...args]);
      /** Tests what a module of this text exports as `Client`. */
      const tryModule = (text: string, ...args: string[]): Promise<Ended> => {
        const file = join(folder, `client-${Math.random()}.js`);
        writeFileSync(file, text);
        return run("--module", `${file}#Client`, ...args);
      };

      it("tests the page's own EventSource", async () => {
        const { stdout, code } = await run("--only", "client/constructor/", "client/interface/");
        expect(stdout).toMatch(/^EventSource in .*: \d+ passed, 0 failed$/m);
        expect(code).toBe(0);
      });

      it("tests a class that a module exports", async () => {
        const wrong = "export class Client extends EventSource { get withCredentials() { return false; } }";
        const { stdout, code } = await tryModule(wrong, "--only", "client/constructor/with-credentials");
        expect(stdout).toMatch(/^Client in .*: \d+ passed, 1 failed$/m);
        expect(code).toBe(1);
      });

      it.each([
        ["does not parse", "export class Client {{", /importing it failed: .*; a browser has to be able to/],
        ["throws", "throw new Error('no storage');", /importing it failed: no storage; a browser has to be able to/],
        ["imports a package", "import 'some-package';", /importing it failed: .*some-package/],
        ["lacks the export", "export const Other = 1;", /: the module exports Other; name one behind #/],
        ["exports something else", "export const Client = 1;", /: Client is neither a class .* nor a host/],
      ])("says at once why a module that %s can't be tested", async (_what, text, message) => {
        const { stderr, code } = await tryModule(text);
        expect(stderr).toMatch(/^Cannot attach the client .*#Client in a page: /m);
        expect(stderr).toMatch(message);
        expect(code).toBe(2);
      });
    });
  }
});
