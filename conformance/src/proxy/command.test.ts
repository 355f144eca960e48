import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { Command } from "commander";
import { type Ended, freePort, localhost, PATIENCE } from "testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Pair, type ProxiedHead, ReferenceProxy } from "../../mutants/proxies/reference-proxy.ts";
import { runHere } from "../../testees/run-here.ts";
import type { Attachment } from "../attachment.ts";
import type { RunReport } from "../report/run-report.ts";
import { runCase } from "../run-case.ts";
import { proxyCommand } from "./command.ts";
import type { ProxySubject } from "./proxy-subject.ts";

const onNode = process.versions.bun === undefined && process.versions.deno === undefined;
const { signal } = new AbortController();

/** A proxy that is right, and keeps the heads that it passed on. */
class Asked extends ReferenceProxy {
  readonly heads: ProxiedHead[] = [];
  override request(head: ProxiedHead): ProxiedHead {
    this.heads.push(head);
    return head;
  }
}

/** Its list of allowed fields forgets the program's own. */
class Dropping extends ReferenceProxy {
  override response(head: ProxiedHead, pair: Pair): ProxiedHead {
    const { first, fields } = super.response(head, pair);
    return { first, fields: fields.filter((field) => !/^x-/i.test(field)) };
  }
}

/** Holds a response back until it is whole, as nginx does by default with a short one. */
class Buffering extends ReferenceProxy {
  readonly #held = new Map<Pair, [ProxiedHead, Buffer]>();
  override sendHead(pair: Pair, head: ProxiedHead): void {
    this.#held.set(pair, [head, Buffer.alloc(0)]);
  }
  override body(pair: Pair, bytes: Buffer): void {
    const [head, before] = this.#held.get(pair) ?? [];
    if (head && before) this.#held.set(pair, [head, Buffer.concat([before, bytes])]);
  }
  override serverLeft(pair: Pair, wasReset: boolean): void {
    const [head, bytes] = this.#held.get(pair) ?? [];
    if (head) super.sendHead(pair, head);
    if (bytes) super.body(pair, bytes);
    super.serverLeft(pair, wasReset);
  }
}

function run(...args: string[]): Promise<Ended> {
  return runHere(["proxy", ...args]);
}

/** Attaches as the command line says. */
async function attach(...args: string[]): Promise<Attachment<ProxySubject>> {
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .argument("[url]");
  for (const option of proxyCommand.options) command.addOption(option);
  command.parse(args, { from: "user" });
  return await proxyCommand.attach({ argument: command.args[0], options: command.opts(), command: [], signal });
}

/** What the simplest case comes to. */
async function smoke(attachment: Attachment<ProxySubject>): Promise<string> {
  const [first] = proxyCommand.cases;
  const result = first && (await runCase(first, attachment, { seed: 1, signal }));
  await attachment.close();
  return result?.verdict === "pass" ? "pass" : `${result?.verdict}: ${result?.message}`;
}

describe.runIf(onNode)("ssekit-conformance proxy", { timeout: 60_000 * PATIENCE }, () => {
  let originPort = "";
  let stop: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    originPort = `${await freePort()}`;
  });
  afterEach(async () => {
    for (const one of stop.reverse()) await one();
    stop = [];
  });

  async function start<Proxy extends ReferenceProxy>(Made: new (port: number) => Proxy): Promise<[string, Proxy]> {
    const proxy = new Made(Number(originPort));
    const url = await proxy.start();
    stop.push(() => proxy.stop());
    return [url, proxy];
  }
  /** Short waits, but for what a busy machine is slow at. */
  const waits = ["--idle", "300", "--prompt", "2000"];

  it("ends with 0 where every stream comes through as it was sent", async () => {
    const [url] = await start(ReferenceProxy);
    const { stdout, stderr, code } = await run(url, "--origin-port", originPort, ...waits, "--strict");
    expect(stdout).toMatch(new RegExp(`^${new URL(url).host}: \\d+ passed, 0 failed, 5 unsupported$`, "m"));
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("ends with 1 where one doesn't, and says what was lost and how to repair it", async () => {
    const [url] = await start(Dropping);
    const { stdout, code } = await run(url, "--origin-port", originPort, "--only", "proxy/attach/", "proxy/head/");
    expect(stdout).toMatch(/✗ proxy\/head\/other-fields {2}MUST\n/);
    expect(stdout).toContain("expected  kept as it is\n    got       none");
    expect(stdout).toContain("repair    Remove rules that drop fields of the response.");
    expect(stdout).toMatch(/ passed, 1 failed$/m);
    expect(code).toBe(1);
  });

  it("tells of a proxy that holds streams back that it does, and blames nothing else for it", async () => {
    const [url] = await start(Buffering);
    const { stdout, code } = await run(url, "--origin-port", originPort, ...waits, "--within", "700", "--json", "-");
    const { cases } = JSON.parse(stdout) as RunReport;
    const ids = (verdict: string): string[] => cases.filter((one) => one.verdict === verdict).map(({ id }) => id);
    expect(ids("fail")).toEqual([
      "proxy/head/prompt",
      "proxy/request/post",
      "proxy/buffering/one-by-one",
      "proxy/buffering/comments",
    ]);
    expect(ids("blocked")).toContain("proxy/close/reader-leaves");
    expect(ids("error")).toEqual([]);
    expect(code).toBe(1);
  });

  it("ends with 2 where the proxy passes on to another port, and says which is meant", async () => {
    const [url] = await start(ReferenceProxy);
    const other = `${await freePort()}`;
    const { stdout, code } = await run(url, "--origin-port", other, "--within", "300");
    expect(stdout).toContain(`expected  the request at the port ${other} within 300 ms`);
    expect(stdout).toContain("nothing else was run");
    expect(code).toBe(2);
  });

  it("sends fields and cookies with each request", async () => {
    const [url, proxy] = await start(Asked);
    const more = ["--header", "X-Key: 1", "--header", "X-Other: a: b", "--cookie", "s=2"];
    expect(await smoke(await attach(url, "--origin-port", originPort, ...more))).toBe("pass");
    expect(proxy.heads[0]?.fields).toEqual(expect.arrayContaining(["X-Key: 1", "X-Other: a: b", "Cookie: s=2"]));
  });

  it("reads over TLS what it is told to trust, or anything", async () => {
    const [url] = await start(ReferenceProxy);
    const front = createTlsServer(localhost, (socket) => {
      const behind = connect(Number(new URL(url).port), "127.0.0.1");
      for (const end of [socket, behind]) end.on("error", () => {});
      socket.pipe(behind).pipe(socket);
    });
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    const folder = mkdtempSync(join(tmpdir(), "conformance-proxy-"));
    stop.push(async () => {
      front.close();
      rmSync(folder, { recursive: true });
    });
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, localhost.cert);
    const secure = `https://localhost:${(front.address() as AddressInfo).port}/`;
    const results = [];
    for (const trust of [[], ["--insecure"], ["--ca", ca]]) {
      results.push(await smoke(await attach(secure, "--origin-port", originPort, ...trust)));
    }
    expect(results).toEqual([expect.stringContaining("error: Cannot connect to"), "pass", "pass"]);
  });

  it("waits as long as it is told", async () => {
    const durations = { within: 1, idle: 2, prompt: 3 };
    const told = Object.entries(durations).flatMap(([name, ms]) => [`--${name}`, `${ms}`]);
    const attachment = await attach("http://127.0.0.1/", "--origin-port", originPort, ...told);
    const subject = await attachment.open({ signal, seed: 1, wire: () => {}, defer: () => {}, lengthen: () => {} });
    expect(subject.durations).toEqual(durations);
    await attachment.close();
  });

  it("says so where the port of its server is taken", async () => {
    const [url] = await start(ReferenceProxy);
    const taken = attach(url, "--origin-port", new URL(url).port);
    await expect(taken).rejects.toThrow(/^Cannot listen at port \d+: .*; give another --origin-port$/);
  });

  it.each([
    [["nonsense"], "Cannot attach nonsense: it is no URL of http: or https:"],
    [["http://127.0.0.1/", "--origin-port", "0"], "Give a port from 1 to 65535"],
    [["http://127.0.0.1/", "--idle", "soon"], "Give whole milliseconds"],
    [["http://127.0.0.1/", "--header", "nothing"], "Write it as 'Name: value'"],
  ])("refuses %j", async (args, message) => {
    await expect(attach("--origin-port", originPort, ...args)).rejects.toThrow(message);
  });
});
