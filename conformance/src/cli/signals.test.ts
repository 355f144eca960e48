import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, PATIENCE, type Program, startProgram } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../report/run-report.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const service = new URL("../../testees/event-source-client-service.ts", import.meta.url).href;
const node = [process.execPath, "--conditions=@ssekit/source"];
/** Most of a start is the reading of modules, which need not be done each time. */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), "ssekit-conformance-cache") };
const onNode = process.versions.bun === undefined && process.versions.deno === undefined;

describe.runIf(onNode)("ssekit-conformance and signals", { timeout: 60_000 * PATIENCE }, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "conformance-signals-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const start = (until: RegExp, ...args: string[]): Promise<Program> =>
    startProgram([...node, cli, ...args], { until, cwd: folder, env });
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("report what was found, and end what was started", async () => {
    // Not at the usual port, where another test has its service.
    const port = await freePort();
    const started = file(
      "service.mjs",
      `import { writeFileSync } from "node:fs";
       writeFileSync("pid", String(process.pid));
       process.env.PORT = "${port}";
       // What ends it is the signal, and no DELETE.
       process.exit = () => {};
       await import(${JSON.stringify(service)});`,
    );
    // Behind a shell, which passes no signal on.
    const behindShell = ["sh", "-c", `'${node.join("' '")}' ${started}; true`];
    const run = await start(
      /✓ client\/smoke/,
      ...["client", "--verbose", "--json", "stopped.json", "--url", `http://127.0.0.1:${port}/`, "--", ...behindShell],
    );
    expect(await run.stop("SIGINT")).toBe(2);
    expect(run.output()).toContain("! The run was stopped before its end");
    expect(run.output()).not.toMatch(/^ +at /m);
    const report = JSON.parse(readFileSync(join(folder, "stopped.json"), "utf8")) as RunReport;
    expect(report).toMatchObject({
      exitCode: 2,
      faults: expect.arrayContaining(["The run was stopped before its end"]),
    });
    expect(report.cases[0]).toMatchObject({ id: "client/smoke/one-event", verdict: "pass" });
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    await expect.poll(() => isRunning(pid), { timeout: 30_000 * PATIENCE }).toBe(false);
  });

  it("end the wait for a subject that starts", async () => {
    const driver = file(
      "starting.mjs",
      "export default { start() { console.log('starting'); return new Promise(() => {}); }, publish() {} };",
    );
    const run = await start(/starting/, "server", "--driver", driver);
    expect(await run.stop()).toBe(2);
    expect(run.output()).toBe("starting\nStopped by SIGTERM\n");
  });

  it("stop a driver; a second one ends at once", async () => {
    const driver = file(
      "stopping.mjs",
      `export default {
        // Nobody listens there, so that the run is over at once.
        start: () => "http://127.0.0.1:1/",
        publish() {},
        stop() {
          console.log("stopping");
          return new Promise(() => {});
        },
      };`,
    );
    const run = await start(/stopping/, "server", "--driver", driver);
    // Another one, for the same one twice may come as one.
    process.kill(run.pid, "SIGINT");
    expect(await run.stop()).toBe(2);
    expect(run.output()).not.toContain("Cannot stop the server");
  });

  it("end a watch and its run", async () => {
    // A run that would wait longer than is waited for its end.
    const text = `import { writeFileSync } from "node:fs"; writeFileSync("../watched-pid", String(process.pid));
      console.log("loaded"); await new Promise(() => {});`;
    const watched = mkdtempSync(join(folder, "watched-"));
    writeFileSync(join(watched, "parser.mjs"), text);
    const args = ["parser", "--module", "./parser.mjs#createParser", "--watch"];
    const run = await startProgram([...node, cli, ...args], { until: /loaded/, cwd: watched, env });
    // Its end is not waited for, for it shows only when the run, which has its output too, has ended.
    process.kill(run.pid, "SIGTERM");
    const pid = Number(readFileSync(join(folder, "watched-pid"), "utf8"));
    await expect.poll(() => isRunning(pid), { timeout: 20_000 * PATIENCE }).toBe(false);
    await run.ended;
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
