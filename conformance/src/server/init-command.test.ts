import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ended, PATIENCE, runProgram } from "testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runHere } from "../../testees/run-here.ts";
import { driverTemplate } from "./driver-template.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));
/** Most of a start is the reading of modules, which need not be done each time. */
const cached = { NODE_COMPILE_CACHE: join(tmpdir(), "ssekit-conformance-cache") };
const onNode = process.versions.bun === undefined && process.versions.deno === undefined;

describe.runIf(onNode)("ssekit-conformance server init", { timeout: 60_000 * PATIENCE }, () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "conformance-init-"));
    symlinkSync(modules, join(folder, "node_modules"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...args: string[]): Promise<Ended> => runHere(["server", ...args], { cwd: folder });
  /** As a user does: what a module imports is looked for from its folder. */
  const runProcess = (...args: string[]): Promise<Ended> =>
    runProgram([process.execPath, "--conditions=@ssekit/source", cli, "server", ...args], { cwd: folder, env: cached });
  const manifest = (text: string): void => writeFileSync(join(folder, "package.json"), text);
  const project = (...names: string[]): void =>
    manifest(JSON.stringify({ type: "module", dependencies: Object.fromEntries(names.map((name) => [name, "*"])) }));
  const driver = (): string => readFileSync(join(folder, "conformance-driver.mjs"), "utf8");

  it.each(["ssekit", "better-sse"])("writes a driver for %s that runs as it is", async (library) => {
    project(library);
    const written = await run("init");
    expect(written.stdout).toContain("ssekit-conformance server --driver conformance-driver.mjs");
    const tested = await runProcess(
      "--driver",
      "conformance-driver.mjs",
      "--only",
      "server/attach/",
      "server/order/burst",
    );
    expect(tested.stdout).toContain("3 passed");
    expect(tested.code).toBe(0);
  });

  it("writes for an application what is to be filled in, and the suite says so until it is", async () => {
    project("express", "ssekit");
    await run("init");
    expect(driver()).toContain("express with ssekit");
    const { code, stderr } = await run("--driver", "conformance-driver.mjs");
    expect(stderr).toContain("Fill in start() of conformance-driver.mjs");
    expect(code).toBe(2);
  });

  it("leaves a driver that is there", async () => {
    writeFileSync(join(folder, "conformance-driver.mjs"), "export default {}");
    const { code, stderr } = await run("init");
    expect(stderr).toContain("it is there already; remove it first");
    expect(code).toBe(2);
    expect(driver()).toBe("export default {}");
  });

  it("says so where package.json is no JSON, and does without one", async () => {
    manifest("{");
    const { code, stderr } = await run("init");
    expect(stderr).toContain("Cannot read package.json: ");
    expect(code).toBe(2);
    expect(existsSync(join(folder, "conformance-driver.mjs"))).toBe(false);
    rmSync(join(folder, "package.json"));
    const written = await run("init");
    expect(written.stdout).toContain("ssekit-conformance server --driver conformance-driver.mjs");
  });
});

describe("driverTemplate()", () => {
  it.each([
    [["express"], "app.listen(0", "stream.write"],
    [["hono", "better-sse"], "fetch: app.fetch", "channel.broadcast"],
    [["fastify", "ssekit"], "app.listen({ port: 0", "hub.publish"],
    [[], "free port", "stream.write"],
  ])("says for a project with %j how it starts and publishes", (names, start, publish) => {
    const text = driverTemplate({ dependencies: Object.fromEntries(names.map((name) => [name, "*"])) });
    for (const part of [...names, start, publish, "Fill in"]) expect(text).toContain(part);
    // A module is strict: what it assigns is declared.
    expect(text.includes("// let server;")).toBe(text.includes(" server = "));
  });
});
