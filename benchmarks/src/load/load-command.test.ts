import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createHub } from "@ssekit/hub";
import { openEventStream } from "@ssekit/node";
import { type Ended, runProgram } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadReport } from "./load-report.ts";

const hub = createHub();
const server = createServer(async (req, res) => {
  if (req.method === "GET") return void hub.subscribe(openEventStream(req, res), "news");
  const { data } = JSON.parse(await text(req)) as { data: string };
  await hub.publish("news", { data });
  res.end();
});
let url: string;
beforeAll(async () => {
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await hub.close();
  server.closeAllConnections();
  server.close();
});

const command = [process.execPath, "--conditions=@ssekit/source", fileURLToPath(new URL("../cli.ts", import.meta.url))];
const QUICK = ["--connections", "5", "--duration", "0.5", "--rate", "20"];

/** Runs `ssekit-bench load` to its end. */
function load(...args: string[]): Promise<Ended> {
  return runProgram([...command, "load", ...args]);
}

describe("ssekit-bench load", { timeout: 60_000 }, () => {
  it("measures a server, publishes by a template, and prints a table", async () => {
    const { code, stdout, stderr } = await load(url, ...QUICK, "--publish", `POST ${url} {"data": {{data}}}`);
    expect(stderr).toMatch(/^connecting 0 s\n/);
    expect(stdout).toMatch(/^connections +5 opened of 5 asked/m);
    expect(stdout).toMatch(/^published +[1-9]\d* accepted, 0 failed/m);
    expect(stdout).toMatch(/^in disorder +0 lost, 0 repeated, 0 reordered/m);
    expect(code).toBe(0);
  });

  it("prints its report as JSON, and writes a page that fetches nothing", async () => {
    const page = join(await mkdtemp(join(tmpdir(), "ssekit-")), "report.html");
    const { code, stdout, stderr } = await load(url, ...QUICK, "--json", "--quiet", "--html", page);
    expect(stderr).toBe("");
    const report = JSON.parse(stdout) as LoadReport;
    expect(report).toMatchObject({ version: 1, url, profile: "fan-out", failures: [] });
    expect(report).not.toHaveProperty("delivery");
    expect(report.connections.opened).toBe(5);
    const html = await readFile(page, "utf8");
    expect(html).toContain(`fan-out on ${url}`);
    expect(html).not.toMatch(/<(?:script|link|img)|src=|@import/);
    expect(code).toBe(0);
  });

  it("exits 2 and says what is there where there is no event stream", async () => {
    const { code, stdout, stderr } = await load("http://127.0.0.1:1/");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Cannot load http://127.0.0.1:1/: connect ECONNREFUSED");
  });

  it.each([
    [["ftp://127.0.0.1/"], "Give an address such as http://"],
    [["http://127.0.0.1/", "--slow", "2"], "Give a number from 0 to 1"],
    [["http://127.0.0.1/", "--connections", "0"], "Give a whole number of at least 1"],
    [["http://127.0.0.1/", "--profile", "flood"], "Allowed choices are fan-out, storm"],
    [["http://127.0.0.1/", "--header", "no colon"], "Give a field as 'Name: value'"],
    [["http://127.0.0.1/", "--publish", "POST somewhere"], "give a request such as"],
    [["http://127.0.0.1/", "--publish", "POST http://127.0.0.1/ {}"], "it has no {{data}}"],
    [["http://127.0.0.1/", "--profile", "finite", "--publish", "POST http://127.0.0.1/ x"], "leave --publish out"],
    [[], "missing required argument 'url'"],
  ])("exits 2 and says what is wrong with %j", async (args, message) => {
    const { code, stderr } = await load(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it("says before the run that a page can't be written", async () => {
    const { code, stdout, stderr } = await load(url, ...QUICK, "--html", "/no/such/folder/report.html");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Cannot write /no/such/folder/report.html: ENOENT; give a file in a folder that is there");
  });

  it("leads to --help where an option is wrong", async () => {
    expect((await load(url, "--nope")).stderr).toMatch(/unknown option '--nope'\n\n?Try ssekit-bench load --help/);
  });

  it("exits 0 after --help, which shows each profile and the exit codes", async () => {
    const { code, stdout } = await load("--help");
    expect(stdout).toMatch(/ {2}storm +all readers connect at once/);
    expect(stdout).toContain("Exit codes: 0 nothing failed;");
    expect(code).toBe(0);
  });
});
