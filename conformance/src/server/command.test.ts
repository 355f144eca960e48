import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { Command } from "commander";
import { localhost, PATIENCE } from "testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ReceivedRequest } from "../../mutants/servers/exchange.ts";
import { ReferenceServer } from "../../mutants/servers/reference-server.ts";
import type { Attachment } from "../attachment.ts";
import { runCase } from "../run-case.ts";
import { serverCommand } from "./command.ts";
import type { PublishedEvent } from "./publisher.ts";
import type { ServerSubject } from "./server-subject.ts";

const onNode = process.versions.bun === undefined && process.versions.deno === undefined;

/** A server that is right, and keeps what it was asked. */
class Asked extends ReferenceServer {
  readonly requests: ReceivedRequest[] = [];
  override accepts(request: ReceivedRequest): boolean {
    this.requests.push(request);
    return super.accepts(request);
  }
}

/** What is posted to it, it publishes, whatever form its content has. */
function startPublishing(server: ReferenceServer): Server {
  return createServer(async (request, response) => {
    let content = "";
    for await (const chunk of request.setEncoding("utf8")) content += chunk;
    const { "content-type": type = "", "x-type": event } = request.headers;
    const form = (): PublishedEvent => Object.fromEntries(new URLSearchParams(content)) as unknown as PublishedEvent;
    const plain = { data: content, ...(event !== undefined && { event: `${event}` }) };
    try {
      if (request.url === "/nowhere") throw new Error("no such topic");
      if (request.url === "/small" && content.length > 100_000) throw new Error("too large");
      await server.publish(
        type.includes("json") ? (JSON.parse(content) as PublishedEvent) : type.includes("form") ? form() : plain,
      );
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(400).end((error as Error).message);
    }
  });
}

async function listen(server: Server | ReturnType<typeof createTlsServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Attaches as the command line says. */
async function attach(...args: string[]): Promise<Attachment<ServerSubject>> {
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .argument("[url]");
  for (const option of serverCommand.options) command.addOption(option);
  command.parse(args, { from: "user" });
  const { signal } = new AbortController();
  return await serverCommand.attach({ argument: command.args[0], options: command.opts(), command: [], signal });
}

/** What these cases come to: `attach/smoke` and so on. */
async function verdicts(attachment: Attachment<ServerSubject>, ...ids: string[]): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  for (const id of ids) {
    const testCase = serverCommand.cases.find((one) => one.id === `server/${id}`);
    if (testCase === undefined) throw new Error(`Cannot find the case ${id}`);
    const { signal } = new AbortController();
    const { verdict, message } = await runCase(testCase, attachment, { seed: 1, signal });
    results[id] = verdict === "error" ? `error: ${message}` : verdict;
  }
  await attachment.close();
  return results;
}

const DELIVERED = ["attach/publish", "fidelity/several-lines", "fidelity/type"] as const;
const PASSED = Object.fromEntries(DELIVERED.map((id) => [id, "pass"]));

describe.runIf(onNode)("ssekit-conformance server", { timeout: 60_000 * PATIENCE }, () => {
  let server: Asked;
  let publishing: Server;
  let url = "";
  let post = "";
  beforeEach(async () => {
    server = new Asked();
    url = await server.start();
    publishing = startPublishing(server);
    post = `POST http://127.0.0.1:${await listen(publishing)}`;
  });
  afterEach(async () => {
    publishing.close();
    await server.stop();
  });

  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "conformance-server-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it.each([
    ["JSON", ['{"event": {{event}}, "data": {{data}}, "id": {{id}}}']],
    ["a form", ["event={{event}}&data={{data}}"]],
    ["a plain body and a field", ["{{data}}", "--publish-header", "X-Type: {{event}}"]],
  ])("publishes by a request with %s", async (_kind, [body = "", ...more]) => {
    // Over HTTP/1.1 a field has no character beyond Latin-1, so that the type is left out there.
    const ids = more.length > 0 ? DELIVERED.filter((id) => id !== "fidelity/type") : DELIVERED;
    const results = await verdicts(await attach(url, "--publish", `${post}/publish ${body}`, ...more), ...ids);
    expect(results).toEqual(Object.fromEntries(ids.map((id) => [id, "pass"])));
    if (more.length > 0) expect(server.history.some(({ event }) => event !== undefined)).toBe(true);
  });

  it("publishes by a command of the shell", async () => {
    const script = file(
      "publish.mjs",
      `let body = ""; for await (const part of process.stdin) body += part;
       await fetch(process.argv[2], { method: "POST", headers: { "content-type": "application/json" }, body });`,
    );
    const address = `${post.replace("POST ", "")}/publish`;
    const how = `'${process.execPath}' '${script}' ${address}`;
    const attachment = await attach(url, "--publish", how, "--within", "20000");
    expect(await verdicts(attachment, "fidelity/type")).toEqual({ "fidelity/type": "pass" });
  });

  it("knows nothing of what is published where a plain event is refused, and says what was answered", async () => {
    const attachment = await attach(url, "--publish", `${post}/nowhere {"data": {{data}}}`);
    const results = await verdicts(attachment, "attach/publish");
    expect(results["attach/publish"]).toMatch(
      /^error: Cannot publish a plain event: POST .*\/nowhere answered 400: no such topic; check --publish, or the driver$/,
    );
  });

  it("blames nobody for what is too large for the endpoint that publishes", async () => {
    const ids = ["stall/others-go-on", "stall/nothing-torn", "order/large-among-small"] as const;
    const results = await verdicts(await attach(url, "--publish", `${post}/small {"data": {{data}}}`), ...ids);
    expect(results).toEqual(Object.fromEntries(ids.map((id) => [id, "unsupported"])));
  });

  it("says what to do where nobody listens, without a stack", async () => {
    await server.stop();
    const results = await verdicts(await attach(url), "attach/smoke");
    expect(results["attach/smoke"]).toMatch(/^error: Cannot connect to .* does the subject listen there\?$/);
  });

  it("starts, asks and stops a driver", async () => {
    const driver = file(
      "driver.mjs",
      `export default {
        start: () => ${JSON.stringify(url)},
        publish: ({ data, event }) => fetch(${JSON.stringify(`${post.replace("POST ", "")}/publish`)}, {
          method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ data, event }) }),
        stop() { globalThis.driverStopped = true; },
        without: ["id", "retry"],
      };`,
    );
    const attachment = await attach("--driver", driver);
    expect([...attachment.capabilities].sort()).toEqual(["publish", "publish-event"]);
    expect(await verdicts(attachment, ...DELIVERED)).toEqual(PASSED);
    expect(globalThis).toHaveProperty("driverStopped", true);
  });

  it.each([
    [
      "a file that is not there",
      () => "nowhere.mjs",
      /there is no such file; "ssekit-conformance server init" writes one/,
    ],
    ["no publish()", () => file("empty.mjs", "export default {};"), /its default export has no publish\(event\)/],
    [
      "no default export",
      () => file("named.mjs", "export const publish = 1;"),
      /it has no default export; see "ssekit/,
    ],
    ["a module that throws", () => file("throws.mjs", "throw new Error('no database')"), /failed: no database/],
  ])("refuses a driver with %s", async (_what, name, message) => {
    await expect(attach("--driver", name())).rejects.toThrow(message);
  });

  it.each([
    ["throws", "start() { throw new Error('no database') }", /^Cannot start the server: no database; see start\(\)/],
    ["rejects", "async start() { throw 'no database' }", /^Cannot start the server: no database; see start\(\)/],
    ["gives no URL", "start() {}", /^Cannot attach a server: it has no URL; give one, or a driver whose start\(\)/],
    ["gives another thing", "start: () => 3000", /^Cannot attach 3000: it is no URL .*; give one such as http:/],
  ])("stops a driver again whose start() %s", async (what, start, message) => {
    const name = `stopped-${what.replaceAll(" ", "-")}`;
    const text = `export default { ${start}, publish() {}, stop() { globalThis["${name}"] = true; } };`;
    await expect(attach("--driver", file(`${name}.mjs`, text))).rejects.toThrow(message);
    expect(globalThis).toHaveProperty(name, true);
  });

  it("says so where a driver can't publish, or can't stop", async () => {
    const text = `export default { start: () => ${JSON.stringify(url)},
      publish() { throw new Error("queue is full") }, stop() { throw new Error("still busy") } };`;
    const attachment = await attach("--driver", file("busy.mjs", text));
    const testCase = serverCommand.cases.find(({ id }) => id === "server/attach/publish");
    const { signal } = new AbortController();
    const result = testCase && (await runCase(testCase, attachment, { seed: 1, signal }));
    expect(result?.verdict).toBe("error");
    expect(result?.message).toBe("Cannot publish a plain event: queue is full; check --publish, or the driver");
    await expect(attachment.close()).rejects.toThrow("Cannot stop the server: still busy; see stop() of the driver");
  });

  it("ends with an error of the attachment where what is published is never taken", async () => {
    const driver = file("waiting.mjs", "export default { publish: () => new Promise(() => {}) };");
    const results = await verdicts(await attach(url, "--driver", driver, "--within", "2000"), "attach/publish");
    expect(results["attach/publish"]).toMatch(
      /^error: Cannot publish a plain event: publish\(\) of the driver, or .* did not settle within 2000 ms$/,
    );
  });

  it("finds a server whose publish waits for a reader that has stopped, by what was asked", async () => {
    server.publish = async (event) => {
      const block = server.encode(server.accept(event));
      // The one that reads is served first, so that the publisher alone is held up.
      for (const exchange of [...server.subscribers].reverse()) {
        server.send(exchange, block);
        if (exchange.socket.writableNeedDrain) await once(exchange.socket, "drain");
      }
    };
    const publish = ["--publish", `${post}/publish {"data": {{data}}}`, "--within", "1000"];
    const ids = ["attach/publish", "stall/others-go-on"];
    expect(await verdicts(await attach(url, ...publish), ...ids)).toEqual({
      [`${ids[0]}`]: "pass",
      [`${ids[1]}`]: "fail",
    });
  });

  it.each([
    [["--publish", "true", "--driver", "driver.mjs"], "Cannot publish in two ways"],
    [["--publish", 'POST http://127.0.0.1/ {"data": 1}'], "it has no {{data}}"],
    [["--header", "nothing"], "Write it as 'Name: value'"],
    [["--within", "soon"], "Give whole milliseconds"],
    [["--ca", "nowhere.pem"], "no such file"],
  ])("refuses %j", async (args, message) => {
    await expect(attach(url, ...args)).rejects.toThrow(message);
  });

  it("sends fields and cookies with each request for the stream", async () => {
    await verdicts(
      await attach(url, "--header", "X-Key: 1", "--header", "X-Other: a: b", "--cookie", "s=2"),
      "attach/smoke",
    );
    const headers = server.requests[0]?.headers;
    expect([headers?.get("x-key"), headers?.get("x-other"), headers?.get("cookie")]).toEqual(["1", "a: b", "s=2"]);
  });

  it.each([
    [401, "--header and --cookie are sent with each request"],
    [405, "the suite asks by GET, as an EventSource does, and tests no stream of POST"],
  ])("says of a %i what may be behind it", async (status, hint) => {
    server.openStream = (exchange) => exchange.refuse(status, []);
    const attachment = await attach(url);
    const [smoke] = serverCommand.cases;
    const { signal } = new AbortController();
    const result = smoke && (await runCase(smoke, attachment, { seed: 1, signal }));
    expect(result?.actual).toContain(hint);
  });

  it("says of a head that does not come when servers send it", async () => {
    server.openStream = () => {};
    const [smoke] = serverCommand.cases;
    const { signal } = new AbortController();
    const result = smoke && (await runCase(smoke, await attach(url, "--within", "100"), { seed: 1, signal }));
    expect(result?.actual).toMatch(/^nothing: a server sends the head before it has an event to send, in Node/);
  });

  it("says of a stream that ends at what is published that it ended", async () => {
    // As one that throws what it can't write inside of the loop that serves the reader.
    server.accept = (event) => ({ ...event, n: 0, id: undefined });
    server.deliver = (entry) => {
      const isWritable = !entry.event?.includes("\n");
      for (const one of server.subscribers) isWritable ? server.send(one, server.encode(entry)) : server.endStream(one);
    };
    const publish = `${post}/publish {"data": {{data}}, "event": {{event}}}`;
    const testCase = serverCommand.cases.find(({ id }) => id === "server/injection/event-lf");
    const { signal } = new AbortController();
    const result = testCase && (await runCase(testCase, await attach(url, "--publish", publish), { seed: 1, signal }));
    expect(result?.verdict).toBe("fail");
    expect(result?.message).toMatch(/^The stream ended at what was published/);
  });

  it("reads over TLS what it is told to trust, or anything", async () => {
    const front = createTlsServer(localhost, (socket) => {
      const behind = connect(Number(new URL(url).port), "127.0.0.1");
      for (const end of [socket, behind]) end.on("error", () => {});
      socket.pipe(behind).pipe(socket);
    });
    const secure = `https://localhost:${await listen(front)}/events`;
    const results = [];
    for (const args of [[], ["--insecure"], ["--ca", file("ca.pem", localhost.cert)]]) {
      results.push((await verdicts(await attach(secure, ...args), "attach/smoke"))["attach/smoke"]);
    }
    front.close();
    expect(results).toEqual([expect.stringContaining("error: Cannot connect to"), "pass", "pass"]);
  });

  it("resumes by the parameter of the query that it is told", async () => {
    const publish = ["--publish", `${post}/publish {"data": {{data}}, "event": {{event}}}`];
    const told = await attach(url, ...publish, "--cursor-query", "lastEventId");
    expect(await verdicts(told, "resume/query", "resume/header-beats-query")).toEqual({
      "resume/query": "pass",
      "resume/header-beats-query": "pass",
    });
    expect(await verdicts(await attach(url, ...publish), "resume/query")).toEqual({ "resume/query": "unsupported" });
  });

  it("takes data for JSON where it is told so", async () => {
    server.linesOf = (data) => [JSON.stringify(data)];
    const publish = ["--publish", `${post}/publish {"data": {{data}}, "event": {{event}}}`];
    expect(await verdicts(await attach(url, ...publish, "--data-json"), ...DELIVERED)).toEqual(PASSED);
    const untold = async (): Promise<string | undefined> =>
      (await verdicts(await attach(url, ...publish), "attach/publish"))["attach/publish"];
    expect(await untold()).toBe(
      "error: Cannot compare what is published: the server sends it as JSON; give --data-json, or `json: true` in the driver",
    );
    server.linesOf = (data) => [JSON.stringify({ text: data })];
    expect(await untold()).toMatch(
      /^error: Cannot compare what is published: it arrives inside of \{"text":"[^"]+"\}; let/,
    );
  });

  it("publishes with few connections at once, for a server that keeps few waiting", async () => {
    const held: ServerResponse[] = [];
    const holding = createServer((_, response) => void held.push(response));
    const attachment = await attach(url, "--publish", `POST http://127.0.0.1:${await listen(holding)}/ {{data}}`);
    const { signal } = new AbortController();
    const subject = await attachment.open({ signal, seed: 1, wire: () => {}, defer: () => {}, lengthen: () => {} });
    const published = Array.from({ length: 20 }, () => subject.publish({ data: "a" }));
    let most = 0;
    for (let answered = 0; answered < published.length; answered++) {
      await expect.poll(() => held.length).toBeGreaterThan(0);
      most = Math.max(most, held.length);
      held.shift()?.end();
    }
    await Promise.all(published);
    holding.close();
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it("says what it would take to ask more", async () => {
    const attachment = await attach(url);
    const testCase = serverCommand.cases.find(({ id }) => id === "server/attach/publish");
    const { signal } = new AbortController();
    const result = testCase && (await runCase(testCase, attachment, { seed: 1, signal }));
    expect(result?.message).toBe("The subject doesn't have: publish (give --publish or --driver)");
  });

  it("waits as long as it is told", async () => {
    const durations = { within: 1, prompt: 2, heartbeat: 3, quiet: 4 };
    const attachment = await attach(url, ...Object.entries(durations).flatMap(([name, ms]) => [`--${name}`, `${ms}`]));
    const context = {
      signal: new AbortController().signal,
      seed: 1,
      wire: () => {},
      defer: () => {},
      lengthen: () => {},
    };
    expect((await attachment.open(context)).durations).toEqual(durations);
  });
});
