import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describeWith, type Ended, freePort, type Program, runProgram, startProgram, startRedis } from "testing";
import { afterEach, describe, expect, it } from "vitest";

const command = [process.execPath, "--conditions=@ssekit/source", fileURLToPath(new URL("./cli.ts", import.meta.url))];
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);
const running: Program[] = [];
afterEach(() => Promise.all(running.splice(0).map((program) => program.stop("SIGKILL"))));

async function start(...args: string[]): Promise<Program> {
  const program = await startProgram([...command, ...args], { until: /^ssekit hub: (\S+)$|^({.*})$/m });
  running.push(program);
  return program;
}

/** Runs it to its end. */
function run(...args: string[]): Promise<Ended> {
  return runProgram([...command, ...args]);
}

// A machine that is busy takes long to start a program.
describe("ssekit-hub", { timeout: 60_000 }, () => {
  it("prints its address, a line that subscribes, one that publishes, and that it needs no token", async () => {
    const port = await freePort();
    const program = await start("--port", `${port}`);
    expect(program.match[1]).toBe(`http://127.0.0.1:${port}`);
    expect(program.output()).toMatch(/Subscribe:\n +curl -N '\S+\?match=news'\n/);
    expect(program.output()).toMatch(/Publish:\n +curl -d topic=news .*\n/);
    expect(program.output()).toMatch(/loopback.*needs no token.*ignores any.*\nWhat is published lives in memory\./);
  });

  describeWith("curl", "what ssekit-hub prints", () => {
    it("prints lines that work when pasted", async () => {
      const { output } = await start("--port", "0");
      const [subscribe = "", publish = ""] = [...output().matchAll(/^ +(curl .*)$/gm)].map(([, line = ""]) => line);
      const reader = await startProgram(["sh", "-c", `exec ${subscribe}`], { until: /event: ssekit.cursor/ });
      running.push(reader);
      const { stdout: id } = await promisify(execFile)("sh", ["-c", publish]);
      await expect.poll(() => reader.output()).toContain(`data: Hello world!\nid: ${id}\n\n`);
    });
  });

  it("serves metrics with --metrics, and says where", async () => {
    const { output } = await start("--port", "0", "--metrics");
    const [, url = ""] = /^Metrics for Prometheus: (\S+)$/m.exec(output()) ?? [];
    expect(await (await fetch(url)).text()).toContain('ssekit_hub_connections{state="live"} 0\n');
  });

  it("takes a free port with --port 0, and prints one line of JSON with --json", async () => {
    const { output } = await start("--port", "0", "--json", "--ids", "publisher");
    expect(output()).toMatch(/^{.*}\n$/);
    const { url, endpoint, ...rest } = JSON.parse(output()) as Record<string, string>;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect({ endpoint, ...rest }).toEqual({
      endpoint: `${url}/.well-known/mercure`,
      ids: "publisher",
      log: "memory",
    });
    const body = new URLSearchParams({ topic: "a", id: "mine" });
    expect(await (await fetch(`${endpoint}`, { method: "POST", body })).text()).toBe("mine");
  });

  it.each(["localhost", ...(hasIpv6 ? ["::1", "[::1]"] : [])])("listens on --host %s", async (host) => {
    const program = await start("--port", "0", "--host", host);
    expect((await fetch(`${program.match[1]}/healthz`)).status).toBe(200);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("on %s tells readers when to come back, and exits 0", async (signal) => {
    const program = await start("--port", "0");
    const response = await fetch(`${program.match[1]}/.well-known/mercure?match=a`);
    const text = response.text();
    expect(await program.stop(signal)).toBe(0);
    expect(await text).toMatch(/retry: \d+\n\n$/);
  });

  it("on SIGTERM gives many readers what was published, and sends each away with a time of its own (RULES B43)", async () => {
    const program = await start("--port", "0");
    const endpoint = `${program.match[1]}/.well-known/mercure`;
    const streams = await Promise.all(Array.from({ length: 250 }, () => fetch(`${endpoint}?match=a`)));
    const texts = streams.map((response) => response.text());
    await fetch(endpoint, { method: "POST", body: new URLSearchParams({ topic: "a", data: "last" }) });
    expect(await program.stop("SIGTERM")).toBe(0);
    const ends = (await Promise.all(texts)).map((text) => /data: last\n(?:.*\n)*retry: (\d+)\n\n$/.exec(text)?.[1]);
    expect(ends).not.toContain(undefined);
    expect(new Set(ends).size).toBeGreaterThan(100);
  });

  it("keeps events in a file with --log sqlite:<file>, so that a reader misses nothing when it is killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ssekit-hub-"));
    const log = `sqlite:${join(folder, "events.db")}`;
    const publish = async (program: Program, data: string): Promise<string> => {
      const body = new URLSearchParams({ topic: "a", data });
      return (await fetch(`${program.match[1]}/.well-known/mercure`, { method: "POST", body })).text();
    };
    const killed = await start("--port", "0", "--log", log);
    expect(killed.output()).toContain(`What is published is kept in ${log}.`);
    const cursor = await publish(killed, "read");
    await publish(killed, "missed");
    await killed.stop("SIGKILL");

    const again = await start("--port", "0", "--log", log);
    const signal = AbortSignal.timeout(40_000);
    const headers = { "last-event-id": cursor };
    const response = await fetch(`${again.match[1]}/.well-known/mercure?match=a`, { headers, signal });
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes("missed")) break;
    }
    expect(text).not.toMatch(/ssekit\.gap|data: read/);
    await again.stop();
    rmSync(folder, { recursive: true });
  });

  describeWith("redis-server", "ssekit-hub --log redis:", (path) => {
    it("shares one log with other hubs, so that a reader changes hubs and misses nothing", async () => {
      const redis = await startRedis(path);
      const hubs = await Promise.all([
        start("--port", "0", "--log", redis.url),
        start("--port", "0", "--log", redis.url),
      ]);
      const [one = "", other = ""] = hubs.map(({ match }) => match[1]);
      expect(hubs[0]?.output()).toContain(`What is published is kept in ${redis.url}.`);
      const publish = async (to: string, data: string): Promise<string> => {
        const body = new URLSearchParams({ topic: "a", data });
        return (await fetch(`${to}/.well-known/mercure`, { method: "POST", body })).text();
      };
      const cursor = await publish(one, "read");
      await publish(other, "missed");
      await hubs[0]?.stop("SIGKILL");
      const response = await fetch(`${other}/.well-known/mercure?match=a`, { headers: { "last-event-id": cursor } });
      let text = "";
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        if (text.includes("missed")) break;
      }
      expect(text).not.toMatch(/ssekit\.gap|data: read/);
      expect(await hubs[1]?.stop()).toBe(0);
      await redis.close();
    });

    it("exits 1 when the store can't be reached, and shows no password", async () => {
      const port = await freePort();
      const { code, stderr, stdout } = await run("--port", "0", "--log", `redis://me:secret@127.0.0.1:${port}`);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toBe(
        `Cannot reach the log in Redis: connect ECONNREFUSED 127.0.0.1:${port}; start Redis, or correct its address ` +
          `(--log redis://127.0.0.1:${port})\n`,
      );
    });
  });

  describeWith("redis-server", "ssekit-hub --log redis: with a wrong password", (path) => {
    it("exits 1 and says that it is refused, and shows no password", async () => {
      const redis = await startRedis(path);
      const { code, stderr } = await run("--port", "0", "--log", `redis://nobody:secret@127.0.0.1:${redis.port}`);
      await redis.close();
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Cannot reach the log in Redis: it refuses the user or the password; give those /);
      expect(stderr).not.toContain("secret");
    });
  });

  it("exits 1 and says what to do when the log can't be opened", async () => {
    const { code, stderr, stdout } = await run("--port", "0", "--log", "sqlite:/missing/events.db");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^Cannot open the log in \/missing\/events\.db: it can't be opened; the folder must be there/m,
    );
  });

  it("exits 1 when the log is to be a folder, and says that it wants a file", async () => {
    const { code, stderr } = await run("--port", "0", "--log", `sqlite:${tmpdir()}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot open the log in \S+: it is a folder; give a file in it, such as \S+events\.db \(--log/,
    );
  });

  it("exits 1 with a clear error when the port is in use", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const { code, stderr, stdout } = await run("--port", `${port}`);
    taken.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `Cannot listen on 127.0.0.1:${port}: the port is in use: stop what uses it, or take another with --port\n`,
    );
  });

  it.each([
    ["a port that is no number", ["--port", "http"], /0 to 65535/],
    ["a port that is too large", ["--port", "65536"], /0 to 65535/],
    ["a negative port", ["--port=-1"], /0 to 65535/],
    ["an address that others can reach", ["--host", "0.0.0.0"], /no token yet.*127\.0\.0\.1/],
    ["ids of another kind", ["--ids", "mine"], /cursor, publisher/],
    ["a log of another kind", ["--log", "events.db"], /sqlite:events\.db/],
    ["a log in a Redis without a host", ["--log", "redis:6379"], /redis:\/\/127\.0\.0\.1:6379/],
    ["an option that it doesn't know", ["--verbose"], /--verbose/],
    ["an argument", ["4711"], /argument/],
  ])("exits 2 and says what to do about %s", async (_, args, reason) => {
    const { code, stderr, stdout } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(reason);
  });

  it("exits 0 after --help and --version", async () => {
    const help = await run("--help");
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/--port.*4711[\s\S]*--host.*[\s\S]*--ids[\s\S]*--json[\s\S]*Exit codes/);
    expect(await run("--version")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});
