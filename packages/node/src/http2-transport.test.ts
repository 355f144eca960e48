import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createSecureServer,
  type Http2Session,
} from "node:http2";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { EventStream } from "@ssekit/server";
import { localhost } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { type NodeEventStreamInit, openEventStream } from "./open-event-stream.ts";

const FIRST = ": \n\n";
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

interface Fixture {
  port: number;
  streams: EventStream[];
  sessions: Http2Session[];
}

/** A server that speaks both versions on one port. */
async function serve(init?: NodeEventStreamInit, listener?: (stream: EventStream) => void): Promise<Fixture> {
  const fixture: Fixture = { port: 0, streams: [], sessions: [] };
  const server = createSecureServer({ ...localhost, allowHTTP1: true }, (req, res) => {
    res.setHeader("access-control-allow-origin", "*");
    const stream = openEventStream(req, res, init);
    fixture.streams.push(stream);
    listener?.(stream);
  });
  server.on("session", (session) => fixture.sessions.push(session));
  cleanups.push(() => {
    server.close();
    for (const session of fixture.sessions) session.destroy();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  fixture.port = (server.address() as AddressInfo).port;
  return fixture;
}

/** A request of HTTP/2 and what it gets. */
class Http2Reader {
  readonly socket: TLSSocket;
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  readonly head: Promise<Record<string, unknown>>;
  text = "";
  #heard: () => void = () => {};

  constructor(port: number, headers: Record<string, string> = {}) {
    const options = { port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2"] };
    this.socket = connectTls(options);
    this.session = connect(`https://127.0.0.1:${port}`, { createConnection: () => this.socket });
    this.session.on("error", () => {});
    cleanups.push(() => this.session.destroy());
    this.stream = this.session.request({ ":path": "/events", ...headers });
    this.stream.setEncoding("utf8").on("error", () => {});
    this.head = once(this.stream, "response").then(([head]) => head);
    this.stream.on("data", (chunk: string) => {
      this.text += chunk;
      this.#heard();
    });
  }

  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

async function opened(
  init?: NodeEventStreamInit,
): Promise<{ reader: Http2Reader; stream: EventStream; fixture: Fixture }> {
  const fixture = await serve(init);
  const reader = new Http2Reader(fixture.port);
  await reader.until(FIRST);
  const [stream] = fixture.streams;
  if (stream === undefined) return expect.unreachable();
  return { reader, stream, fixture };
}

describe("openEventStream() on HTTP/2", () => {
  it("sends no field that belongs to the connection (RULES B9, B10, B11)", async () => {
    const { port } = await serve({ retry: 500, headers: { "x-a": "1" } }, (stream) => {
      stream.send({ data: { a: 1 } });
      stream.close();
    });
    const reader = new Http2Reader(port);
    const { date, ...head } = await reader.head;
    expect(Object.fromEntries(Object.entries(head))).toEqual({
      ":status": 200,
      "access-control-allow-origin": "*",
      "cache-control": "no-cache, no-transform",
      "content-type": "text/event-stream",
      "x-a": "1",
      "x-accel-buffering": "no",
    });
    await once(reader.stream, "end");
    expect(reader.text).toBe(': \nretry: 500\n\ndata: {"a":1}\n\n');
  });

  it("answers HEAD, 406 and refusals without a body (RULES B13, B14, B15)", async () => {
    const { port } = await serve({}, (stream) => stream.refuse(204));
    for (const [headers, status] of [
      [{ ":method": "HEAD" }, 204],
      [{}, 204],
    ] as const) {
      expect(await new Http2Reader(port, headers).head).toMatchObject({ ":status": status });
    }
    const other = await serve();
    expect(await new Http2Reader(other.port, { ":method": "HEAD" }).head).toMatchObject({ ":status": 200 });
    expect(await new Http2Reader(other.port, { accept: "application/json" }).head).toMatchObject({ ":status": 406 });
  });

  it("serves HTTP/1.1 on the same port, straight to the socket too", async () => {
    const { port, streams } = await serve();
    const sent = request({ port, host: "127.0.0.1", rejectUnauthorized: false }).end();
    const [response] = await once(sent, "response");
    response.setEncoding("utf8");
    expect(response.httpVersion).toBe("1.1");
    for (const data of ["a", "b"]) {
      streams[0]?.send({ data });
      let text = "";
      for await (const chunk of response.iterator({ destroyOnReturn: false })) {
        text += chunk;
        if (text.endsWith(`data: ${data}\n\n`)) break;
      }
    }
    sent.destroy();
    expect(await streams[0]?.closed).toBe("client");
  });

  it("gives the cursor", async () => {
    const { port, streams } = await serve();
    await new Http2Reader(port, { "last-event-id": "7" }).until(FIRST);
    expect(streams[0]?.lastEventId).toBe("7");
  });

  it("is true to the stream's window about backpressure (RULES B19)", async () => {
    const { reader, stream } = await opened({ maxBufferedBytes: 2 ** 26 });
    reader.stream.pause();
    const data = "x".repeat(2 ** 14);
    let sent = 0;
    do {
      stream.send({ data });
      sent += 1;
      await new Promise(setImmediate);
    } while (stream.desiredSize > 0);
    const { ready } = stream;
    reader.stream.resume();
    await ready;
    expect(stream.desiredSize).toBeGreaterThan(0);
    stream.send({ event: "last", data: "" });
    await reader.until("event: last");
    expect(reader.text.split(data)).toHaveLength(sent + 1);
  });

  it.each(["resets its stream", "ends its session", "loses its connection"])(
    "closes as client when the reader %s (RULES B18)",
    async (how) => {
      const { reader, stream } = await opened();
      if (how === "resets its stream") reader.stream.close(8);
      else if (how === "ends its session") reader.session.destroy();
      else reader.socket.destroy();
      expect(await stream.closed).toBe("client");
      stream.send({ data: "late" });
    },
  );

  it("closes as server when the server drops its sessions (RULES B25)", async () => {
    const { stream, fixture } = await opened();
    for (const session of fixture.sessions) session.destroy();
    expect(await stream.closed).toBe("server");
  });

  it("drops a stream with an error, lest its reader takes it for an end", async () => {
    const { reader, stream } = await opened();
    reader.stream.pause();
    const data = "x".repeat(2 ** 16);
    while (!stream.signal.aborted) {
      stream.send({ data });
      await new Promise(setImmediate);
    }
    expect(await stream.closed).toBe("overflow");
    reader.stream.resume();
    await once(reader.stream, "close");
    expect(reader.stream.rstCode).toBe(8);
  });
});
