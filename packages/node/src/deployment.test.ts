import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { EventStream } from "@ssekit/server";
import { describeWith, PATIENCE } from "testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openReader, type Protocol, type ProxiedReader, type ReaderInit } from "../test/proxied-reader.ts";
import {
  IDLE_TIMEOUT,
  type ProxyInit,
  type StartedProxy,
  startHaproxyOfDocs,
  startNginxOfDocs,
} from "../test/proxies.ts";
import { type NodeEventStreamInit, openEventStream } from "./open-event-stream.ts";

const PROTOCOLS: Protocol[] = ["HTTP/1.1", "HTTP/2"];

/** Events sent one at a time, and their deadline in ms: HAProxy without `option http-no-delay` takes 200 for each. */
const ROUNDS = 100;
const DEADLINE = 15_000;

/** Often enough for the proxies of these tests. */
const BEATING = { heartbeat: IDLE_TIMEOUT / 5 };

interface Opened {
  readonly stream: EventStream;
  readonly response: ServerResponse;
  readonly reader: ProxiedReader;
}

type Open = (protocol: Protocol, init?: NodeEventStreamInit, request?: ReaderInit) => Promise<Opened>;

describeWith("nginx", "openEventStream() behind nginx", (path) => {
  const { open } = describeProxy(path, startNginxOfDocs, "SIGHUP");

  it.each(PROTOCOLS)("breaks off for the reader when it breaks off, over %s", (protocol) => breakOff(open, protocol));

  it.each(PROTOCOLS)("tells the next nginx to hold nothing back either, over %s", async (protocol) => {
    const { reader } = await open(protocol);
    expect(reader.headers["x-accel-buffering"]).toBe("no");
  });

  describe.each(PROTOCOLS)("that compresses, over %s", (protocol) => {
    it.each([
      ["holds back no event", {}],
      ["holds back no event of a response that says nothing of buffering", { "x-accel-buffering": "" }],
    ])(
      "%s",
      async (_what, headers) => {
        const opened = await open(protocol, { headers }, { headers: { "accept-encoding": "gzip" } });
        expect(opened.reader.headers["content-encoding"]).toBe("gzip");
        await sendOneByOne(opened);
      },
      DEADLINE,
    );
  });
});

describeWith("haproxy", "openEventStream() behind HAProxy", (path) => {
  const { open } = describeProxy(path, startHaproxyOfDocs, "SIGUSR2");

  // Over HTTP/2, HAProxy 2.6 ends a response that broke off as if it were whole.
  it("breaks off for the reader when it breaks off, over HTTP/1.1", () => breakOff(open, "HTTP/1.1"));

  it("says nothing of the server's connection to a reader on HTTP/1.1", async () => {
    const { reader } = await open("HTTP/1.1", {}, { headers: { connection: "keep-alive" } });
    expect(reader.headers["keep-alive"]).toBeUndefined();
  });

  it.each(PROTOCOLS)(
    "that compresses leaves a stream as it is, for it says no-transform, over %s",
    async (protocol) => {
      const opened = await open(protocol, {}, { headers: { "accept-encoding": "gzip" } });
      expect(opened.reader.headers["content-encoding"]).toBeUndefined();
      await sendOneByOne(opened);
    },
    DEADLINE,
  );
});

describeWith("haproxy", "openEventStream() on HTTP/2 in the clear behind HAProxy", (path) => {
  describeProxy(path, startHaproxyOfDocs, "SIGUSR2", "HTTP/2");
});

/** Describes what holds behind every proxy, and gives what opens a stream through this one. */
function describeProxy(
  path: string,
  start: (init: ProxyInit) => Promise<StartedProxy>,
  reloadBy: NodeJS.Signals,
  upstream: Protocol = "HTTP/1.1",
): { open: Open } {
  const listeners = new Map<string, RequestListener>();
  const listener: RequestListener = (req, res) => listeners.get(req.url ?? "")?.(req, res);
  // Its pair has all that the listeners use.
  const server = upstream === "HTTP/2" ? createHttp2Server(listener as never) : createServer(listener);
  const readers: ProxiedReader[] = [];
  let folder: string;
  let proxy: StartedProxy;

  beforeAll(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    folder = await mkdtemp(join(tmpdir(), "ssekit-proxy-"));
    proxy = await start({ path, folder, upstream, server: (server.address() as AddressInfo).port });
  });
  afterEach(() => {
    for (const reader of readers.splice(0)) reader.leave();
  });
  afterAll(async () => {
    await proxy.program.stop();
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  /** Asks through the proxy for what the listener answers. */
  const ask = async (protocol: Protocol, listener: RequestListener, request?: ReaderInit): Promise<ProxiedReader> => {
    const url = `/${listeners.size}`;
    listeners.set(url, listener);
    const reader = await openReader({ protocol, port: proxy.ports[protocol] }, url, request);
    readers.push(reader);
    return reader;
  };
  const open: Open = async (protocol, init, request) => {
    const opened: { stream?: EventStream; response?: ServerResponse } = {};
    const reader = await ask(
      protocol,
      (req, response) => {
        opened.stream = openEventStream(req, response, { heartbeat: false, ...init });
        opened.response = response;
      },
      request,
    );
    return { ...opened, reader } as Opened;
  };

  describe.each(PROTOCOLS)("over %s", (protocol) => {
    it("brings events one by one", async () => sendOneByOne(await open(protocol)), DEADLINE);

    it("hears within a second of a reader who leaves (RULES B18)", async () => {
      const { stream, reader } = await open(protocol);
      reader.leave();
      expect(await Promise.race([stream.closed, setTimeout(1_000 * PATIENCE, "nothing", { ref: false })])).toBe(
        "client",
      );
    });

    it("ends for the reader when it ends", async () => {
      const { stream, reader } = await open(protocol);
      stream.close();
      expect(await reader.ended).toBe("complete");
    });

    it("answers HEAD, 204 and 406 (RULES B13, B14, B15)", async () => {
      const { reader } = await open(protocol, {}, { method: "HEAD" });
      expect([reader.status, reader.headers["content-type"]]).toEqual([200, "text/event-stream"]);
      expect(await reader.ended).toBe("complete");
      const refused = await ask(protocol, (req, res) => openEventStream(req, res).refuse(204));
      expect([refused.status, await refused.ended]).toEqual([204, "complete"]);
      const notAccepted = await open(protocol, {}, { headers: { accept: "application/json" } });
      expect(notAccepted.reader.status).toBe(406);
    });
  });

  it("outlives the proxy's idle time-out by its heartbeats (RULES B20)", async () => {
    const opened = PROTOCOLS.map(async (protocol) => {
      const beating = await open(protocol, BEATING);
      const quiet = await open(protocol);
      await quiet.reader.ended;
      expect(await quiet.stream.closed).toBe("client");
      await send(beating, "still here");
    });
    await Promise.all(opened);
  });

  it("is closed soon after a reload of the proxy, which serves on", async () => {
    const opened = await Promise.all(PROTOCOLS.map((protocol) => open(protocol, BEATING)));
    process.kill(proxy.program.pid, reloadBy);
    for (const { stream } of opened) expect(await stream.closed).toBe("client");
    await send(await open("HTTP/1.1"), "served by the new one");
  });

  return { open };
}

async function breakOff(open: Open, protocol: Protocol): Promise<void> {
  const { response, reader } = await open(protocol);
  response.destroy();
  expect(await reader.ended).toBe("cut");
}

/** Sends each event when its reader has the one before: a proxy that waits for more waits for ever. */
async function sendOneByOne(opened: Opened): Promise<void> {
  for (let n = 1; n <= ROUNDS; n++) await send(opened, `event ${n}`);
}

async function send({ stream, reader }: Opened, data: string): Promise<void> {
  stream.send({ data });
  await reader.until(`data: ${data}\n\n`);
}
