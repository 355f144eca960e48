import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeWith, type Ended, PATIENCE } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventSourceClientHost } from "../../testees/event-source-client-host.ts";
import { runHere } from "../../testees/run-here.ts";
import { serveClientHost } from "./serve-client-host.ts";

const conformance = fileURLToPath(new URL("../../", import.meta.url));
const node = [process.execPath, "--conditions=@ssekit/source"];
const onNode = process.versions.bun === undefined && process.versions.deno === undefined;
const fields = ["--only", "client/smoke/*", "--only", "client/fields/*"];

function run(...args: string[]): Promise<Ended> {
  return runHere(["client", ...fields, ...args], { cwd: conformance });
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-client-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
/** A file with a module of this text. */
function module(text: string): string {
  const file = join(folder, `client-${Math.random()}.mjs`);
  writeFileSync(file, text);
  return file;
}

describe.runIf(onNode)("ssekit-conformance client", { timeout: 60_000 * PATIENCE }, () => {
  it("tests a class in its own process", async () => {
    const { stdout, code } = await run("--module", "testees/clients.ts#EventSource");
    expect(stdout).toMatch(/EventSource: \d+ passed, 0 failed$/m);
    expect(code).toBe(0);
  });

  it("tests what a host makes in its own process", async () => {
    const { stdout, code } = await run(
      "--module",
      "testees/clients.ts#eventSourceClientHost",
      "--profile",
      "resilient",
    );
    expect(stdout).toMatch(/EventSourceClient: \d+ passed, 0 failed$/m);
    expect(code).toBe(0);
  });

  it("says so where the runtime has no EventSource of its own", async () => {
    const { stderr, code } = await run("--module", "#EventSource");
    expect(stderr).toContain("Cannot attach the client #EventSource");
    expect(code).toBe(2);
  });

  // On the repository's own Node, which runs alone: two at once would want the same port.
  it.runIf(process.versions.node.startsWith("26."))(
    "tests a service that it starts, at $PORT, and ends it",
    async () => {
      const { stdout, code } = await run("--", ...node, "testees/event-source-client-service.ts");
      expect(stdout).toMatch(/EventSourceClient: \d+ passed, 0 failed$/m);
      expect(code).toBe(0);
    },
  );

  it("tests a service that runs, and leaves it", async () => {
    const service = await serveClientHost(eventSourceClientHost, { port: 0 });
    try {
      const { stdout, code } = await run("--url", service.url);
      expect(stdout).toMatch(/EventSourceClient: \d+ passed, 0 failed$/m);
      expect(code).toBe(0);
      expect((await fetch(service.url)).ok).toBe(true);
    } finally {
      await service.close();
    }
  });

  it("says what it would take to ask more", async () => {
    const capabilities = eventSourceClientHost.capabilities.filter((name) => name !== "comments");
    const service = await serveClientHost({ ...eventSourceClientHost, capabilities }, { port: 0 });
    const more = ["--only", "client/comments/in-order", "client/resilience/floor", "client/constructor/needs-new"];
    const { stdout } = await run("--url", service.url, ...more);
    await service.close();
    for (const remedy of [
      "comments (if it has, let GET / of the service declare it)",
      "resilient (give --profile resilient)",
      "event-source (of classes and pages alone)",
    ]) {
      expect(stdout).toContain(remedy);
    }
  });

  it("refuses a service that claims to know a command that nobody can know", async () => {
    const service = createServer((request, response) => {
      response.writeHead(200, request.method === "POST" ? { location: "/clients/1" } : {}).end("{}");
    });
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    try {
      const { stdout, code } = await run("--url", `http://127.0.0.1:${(service.address() as AddressInfo).port}/`);
      expect(stdout).toContain("which doesn't exist, and did not say that it doesn't know it");
      expect(code).toBe(2);
    } finally {
      service.closeAllConnections();
      service.close();
    }
  });

  it("tells what is wrong with a command that ends before it answers", async () => {
    const { stderr, code } = await run("--", ...node, "--eval", "process.exit(3)");
    expect(stderr).toContain("the command ended with 3 before it answered");
    expect(code).toBe(2);
  });

  it("waits as long as it is told", async () => {
    const deaf = module("export default class extends EventTarget { close() {} }");
    const { stdout, code } = await run("--module", deaf, "--patience", "20");
    expect(stdout).toContain("expected  a request within 20 ms");
    expect(code).toBe(2);
  });

  it("tells what may be named where nothing is", async () => {
    const { stderr, code } = await run();
    expect(stderr).toContain("give --module, --browser, --url, or behind -- the command that starts a test service");
    expect(code).toBe(2);
  });
});

describe.runIf(onNode)("ssekit-conformance client --browser", { timeout: 120_000 }, () => {
  describeWith("chromium", "chromium", () => {
    it("ends with 0 for its own EventSource, which is right here", async () => {
      const { stdout, code } = await run("--browser", "chromium");
      expect(stdout).toMatch(/^EventSource in chromium [\d.]+: \d+ passed, 0 failed$/m);
      expect(code).toBe(0);
    });

    it("ends with 1 for a page's class that is wrong, and says what it gave", async () => {
      const file = module("export class Client extends EventSource { get withCredentials() { return false; } }");
      const only = ["--only", "client/constructor/with-credentials"];
      const { stdout, code } = await run("--browser", "chromium", "--module", `${file}#Client`, ...only);
      expect(stdout).toMatch(/✗ client\/constructor\/with-credentials {2}MUST\n/);
      expect(stdout).toMatch(/^Client in chromium [\d.]+: \d+ passed, 1 failed$/m);
      expect(code).toBe(1);
    });
  });

  it("ends with 2 for a file that is not there", async () => {
    const { stderr, code } = await run("--browser", "chromium", "--module", "nowhere.js#Client");
    expect(stderr).toContain("Cannot attach the client nowhere.js#Client: there is no file nowhere.js");
    expect(code).toBe(2);
  });
});
