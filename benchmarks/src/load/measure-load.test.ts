import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { encodeEvent } from "@ssekit/codec";
import { createHub } from "@ssekit/hub";
import { openEventStream } from "@ssekit/node";
import { localhost, PATIENCE } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { reportRows } from "./format-report.ts";
import { DEFAULT_LOAD, type LoadOptions } from "./load-options.ts";
import { isClean } from "./load-report.ts";
import { measureFiniteStreams } from "./measure-finite-streams.ts";
import { measureLoad } from "./measure-load.ts";
import { probeTarget } from "./probe-target.ts";
import type { RequestTarget } from "./request-target.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function serve(listener: RequestListener): Promise<RequestTarget> {
  return listen(createServer(listener));
}

/** The target that a server is, on a free port. */
async function listen(server: Pick<Server, "listen" | "close" | "address" | "once">, scheme = "http") {
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server as Server, "listening");
  stops.push(() => {
    if ("closeAllConnections" in server) (server as Server).closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `${scheme}://127.0.0.1:${port}/`;
  return { url, method: "GET", fields: [], body: undefined, insecure: false } satisfies RequestTarget;
}

const EVENT_STREAM = { "content-type": "text/event-stream" };

/** A plain server that sends each published text to all readers, as `send` has it. */
async function serveTexts(send: (res: ServerResponse, data: string, number: number) => void) {
  const readers = new Set<ServerResponse>();
  const target = await serve((_, res) => {
    res.writeHead(200, EVENT_STREAM).write(": \n\n");
    readers.add(res);
  });
  let number = 0;
  const publish = async (data: string): Promise<void> => {
    for (const res of readers) send(res, data, number);
    number += 1;
  };
  return { target, publish, readers };
}

/** Milliseconds for what was sent last, where something is missing for good. */
const SETTLE = 500 * PATIENCE;

function write(res: ServerResponse, data: string): void {
  res.write(encodeEvent({ data }));
}

async function serveHub(): Promise<Pick<LoadOptions, "target" | "publish">> {
  const hub = createHub();
  stops.push(() => hub.close());
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    void hub.subscribe(openEventStream(req, res), "news");
  };
  return { target: await serve(listener), publish: async (data) => void (await hub.publish("news", { data })) };
}

function load(options: Partial<LoadOptions> & Pick<LoadOptions, "target" | "publish">): LoadOptions {
  return { ...DEFAULT_LOAD, profile: "fan-out", connections: 20, duration: 400, rate: 100, timeout: 5000, ...options };
}

describe("measureLoad()", { timeout: 60_000 }, () => {
  it("finds a hub that delivers all to all clean, and measures it", async () => {
    const report = await measureLoad(load({ ...(await serveHub()), threads: 2 }));
    expect(report.failures).toEqual([]);
    expect(isClean(report)).toBe(true);
    expect(report.connections).toMatchObject({ asked: 20, opened: 20 });
    expect(report.head?.count).toBe(20);
    expect(report.delivery).toMatchObject({ published: 40, failed: 0, lost: 0, repeated: 0, reordered: 0 });
    expect(report.delivery?.latency?.count).toBe(40 * 20);
  });

  it("counts what a server loses, repeats and reorders", async () => {
    let held = "";
    const { target, publish } = await serveTexts((res, data, number) => {
      if (number === 3) return;
      if (number === 5) write(res, data);
      if (number === 7) held = data;
      else write(res, data);
      if (number === 8) write(res, held);
    });
    const report = await measureLoad(
      load({ target, publish, connections: 2, rate: 10, duration: 2000, settle: SETTLE }),
    );
    expect(report.delivery).toMatchObject({ lost: 2, repeated: 2, reordered: 2, disordered: 2 });
    expect(isClean(report)).toBe(false);
  });

  it("tells how many readers it was that lost something", async () => {
    const { target, publish, readers } = await serveTexts((res, data, number) => {
      if (number !== 3 || res !== [...readers][0]) write(res, data);
    });
    const report = await measureLoad(load({ target, publish, settle: SETTLE }));
    expect(report.delivery).toMatchObject({ lost: 1, disordered: 1 });
  });

  it("reads over TLS, at an address too", async () => {
    const server = createTlsServer(localhost, (_, res) => res.writeHead(200, EVENT_STREAM).write("data: x\n\n"));
    const target = { ...(await listen(server, "https")), insecure: true };
    const report = await measureLoad(load({ target, publish: undefined, connections: 2, duration: 100 }));
    expect(report.failures).toEqual([]);
    expect(report.events.received).toBe(2);
  });

  it("counts latency from when an event was due, not from when it was sent (no coordinated omission)", async () => {
    const { target, publish } = await serveTexts(write);
    let first = true;
    const slow = async (data: string): Promise<void> => {
      if (first) await new Promise((resolve) => setTimeout(resolve, 1500));
      first = false;
      await publish(data);
    };
    const report = await measureLoad(load({ target, publish: slow, connections: 1, rate: 10, duration: 2000 }));
    // 15 of 20 events were due while the first was being sent: each waited, not the first alone.
    expect(report.delivery?.latency?.p50).toBeGreaterThan(300);
    expect(report.delivery?.behind).toBeGreaterThan(1000);
    expect(report.delivery?.published).toBe(20);
    expect(report.tool.bottleneck).toMatch(/^\d+ of 20 events were sent more than 50 ms late/);
  });

  it("takes no longer than it was told, though the server takes long to accept an event", async () => {
    const { target } = await serveTexts(write);
    const publish = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250));
    const report = await measureLoad(load({ target, publish, settle: 0 }));
    expect(report.delivery?.unsent).toBeGreaterThanOrEqual(38);
  });

  it("reports what it saw of a server that dies", async () => {
    const { target, publish, readers } = await serveTexts((res, data, number) => {
      // Cut when the tenth has been sent: until then Node keeps what was written in this turn.
      if (number === 9) res.write(encodeEvent({ data }), () => res.socket?.end());
      else if (number < 9) write(res, data);
    });
    const report = await measureLoad(load({ target, publish, duration: 60_000 }));
    expect(readers.size).toBe(20);
    expect(report.partial).toBe("every stream has ended or broken");
    expect(report.failures).toEqual([expect.objectContaining({ kind: "closed", count: 20 })]);
    expect(report.events.received).toBe(10 * 20);
  });

  it("reports a publish that fails", async () => {
    const server = await serveTexts(write);
    // Its readers have all of it, so that nobody waits for more.
    const publish = async (data: string): Promise<void> => {
      await server.publish(data);
      throw new Error("The status is 503");
    };
    const report = await measureLoad(load({ target: server.target, publish }));
    expect(report.delivery).toMatchObject({ published: 0, failed: 40 });
    expect(report.failures).toContainEqual({
      kind: "publish",
      count: 40,
      example: "The status is 503",
      advice: undefined,
    });
  });

  it("waits for no head when it is asked to end while it connects", async () => {
    const stop = new AbortController();
    const target = await serve(() => stop.abort());
    const report = await measureLoad(load({ target, publish: undefined, timeout: 60_000 }), { signal: stop.signal });
    expect(report).toMatchObject({ partial: "it was interrupted", connections: { opened: 0 } });
  });

  it("ends when it is asked to, with a partial report", async () => {
    const { target, publish } = await serveTexts(write);
    const stop = new AbortController();
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === "measuring") stop.abort();
    };
    const report = await measureLoad(load({ target, publish, duration: 60_000 }), { signal: stop.signal, onProgress });
    expect(report.partial).toBe("it was interrupted");
  });

  it("lets some readers hang, and asks nothing of them", async () => {
    const report = await measureLoad(load({ ...(await serveHub()), slow: 0.5 }));
    expect(isClean(report)).toBe(true);
    expect(report.delivery?.latency?.count).toBe(40 * 10);
    const stoppedOf = (received: number): string | undefined =>
      reportRows({ ...report, bytes: { ...report.bytes, received } }).find(
        ([label]) => label === "stopped reading",
      )?.[1];
    expect(stoppedOf(report.bytes.received)).toMatch(/^\d+, each owed some \S+ K?B; the system may keep that/);
    // Too much for the system to keep.
    expect(stoppedOf(2 ** 30)).toMatch(/^\d+, each owed some \S+ MB$/);
  });

  it("finds nothing lost where readers that break off can resume", async () => {
    const report = await measureLoad(load({ ...(await serveHub()), churn: 50 }));
    expect(report.connections.churned).toBeGreaterThan(5);
    expect(report.delivery).toMatchObject({ lost: 0, repeated: 0, reordered: 0 });
  });

  it("opens streams that end again, and tells how long they were", async () => {
    const target = await serve((_, res) => {
      res.writeHead(200, EVENT_STREAM);
      for (const token of ["a", "b", "c"]) write(res, token);
      res.end();
    });
    const duration = 400 * PATIENCE;
    const report = await measureLoad(load({ target, publish: undefined, profile: "tokens", connections: 4, duration }));
    expect(report.partial).toBeUndefined();
    expect(report.connections.ended).toBeGreaterThan(4);
    expect(report.stream?.count).toBe(report.connections.ended);
    expect(report.gap?.count).toBeGreaterThan(0);
  });

  it("says that no stream ended, where they were to", async () => {
    const { target } = await serveTexts(write);
    const report = await measureLoad(
      load({ target, publish: undefined, profile: "tokens", connections: 2, duration: 100 }),
    );
    expect(reportRows(report)).toContainEqual(["streams that ended", "0"]);
  });
});

describe("measureFiniteStreams()", { timeout: 60_000 }, () => {
  const finite = (target: RequestTarget, expectEvents: number): LoadOptions =>
    load({ target, publish: undefined, profile: "finite", connections: 2, duration: 1000, expectEvents });

  it("counts streams that came whole", async () => {
    const target = await serve((_, res) => {
      res.writeHead(200, EVENT_STREAM);
      write(res, "a");
      write(res, "b");
      res.end();
    });
    const whole = await measureFiniteStreams(finite(target, 2));
    expect(isClean(whole)).toBe(true);
    expect(whole.connections.ended).toBeGreaterThan(0);
    expect(whole.events.received).toBe(whole.connections.ended * 2);
    expect((await measureFiniteStreams(finite(target, 3))).failures[0]).toMatchObject({ kind: "cut" });
  });

  it("does not find clean what never ended", async () => {
    const { target } = await serveTexts(write);
    const report = await measureFiniteStreams(finite(target, 1));
    expect(report.failures[0]).toMatchObject({ kind: "timeout", count: 2 });
    expect(report.failures[0]?.example).toMatch(/^No stream had ended within \d+ ms/);
    expect(report.failures[0]?.advice).toMatch(/^this profile is for streams that end/);
  });
});

describe("probeTarget()", () => {
  it("says what is there instead of an event stream", async () => {
    const json = await serve((_, res) => res.writeHead(200, { "content-type": "application/json" }).end("{}"));
    await expect(probeTarget(json, 5000)).rejects.toThrow(
      `Cannot load ${json.url}: The content type is application/json and not text/event-stream`,
    );
    const missing = await serve((_, res) => res.writeHead(404).end());
    await expect(probeTarget(missing, 5000)).rejects.toThrow("The status is 404 and not 200");
    const moved = await serve((_, res) => res.writeHead(302, { location: "/there" }).end());
    await expect(probeTarget(moved, 5000)).rejects.toThrow("it leads to /there: give that address");
    const gone = await serve((_, res) => res.destroy());
    await expect(probeTarget(gone, 5000)).rejects.toThrow("The connection closed before the head came");
    const silent = await serve(() => {});
    await expect(probeTarget(silent, 50)).rejects.toThrow("No head within 50 ms");
  });

  it("says that it reads HTTP/1.1 alone, where something else is spoken", async () => {
    const other = await listen(createTcpServer((socket) => socket.write("SSH-2.0-x\r\n")) as unknown as Server);
    await expect(probeTarget(other, 5000)).rejects.toThrow(
      'begins with "SSH-2.0" and not HTTP/1.; this tool reads HTTP/1.1',
    );
    const http2 = await listen(createSecureServer(localhost) as unknown as Server, "https");
    await expect(probeTarget(http2, 5000)).rejects.toThrow("this tool reads HTTP/1.1 alone");
  });

  it("says what to do about a certificate that can't be verified", async () => {
    const target = await listen(createTlsServer(localhost), "https");
    await expect(probeTarget(target, 5000)).rejects.toThrow("--insecure");
  });

  it("says what to do when nothing listens", async () => {
    const target = { url: "http://127.0.0.1:1/", method: "GET", fields: [], body: undefined, insecure: false };
    await expect(probeTarget(target, 5000)).rejects.toThrow(/ECONNREFUSED.*backlog of 4096/);
  });
});
