import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type ClientHttp2Session, connect as connectHttp2, createSecureServer } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { EventStream } from "@ssekit/server";
import { localhost } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { drainServer } from "./drain-server.ts";
import { openEventStream } from "./open-event-stream.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(): Promise<{ server: Server; streams: EventStream[] }> {
  const streams: EventStream[] = [];
  const server = createServer((req, res) => streams.push(openEventStream(req, res, { maxBufferedBytes: 2 ** 26 })));
  cleanups.push(() => server.closeAllConnections());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, streams };
}

/** A connection with an open stream. */
async function read(server: Server): Promise<{ socket: Socket; text: string }> {
  const reader = { socket: connect((server.address() as AddressInfo).port, "127.0.0.1"), text: "" };
  cleanups.push(() => reader.socket.destroy());
  reader.socket.on("data", (chunk) => {
    reader.text += chunk;
  });
  reader.socket.on("error", () => {}).write(GET);
  await once(reader.socket, "data");
  return reader;
}

describe("drainServer()", () => {
  it("sends readers away, each with a time of its own, and closes their connections (RULES B25, B43)", async () => {
    const { server, streams } = await serve();
    const readers = await Promise.all(Array.from({ length: 20 }, () => read(server)));
    const ended = readers.map(({ socket }) => once(socket, "close"));
    await drainServer(server);
    await Promise.all(ended);
    const times = readers.map(({ text }) => Number(/retry: (\d+)\n\n\r\n0\r\n\r\n$/.exec(text)?.[1]));
    for (const time of times) expect(time).toBeGreaterThanOrEqual(2_000);
    expect(new Set(times).size).toBeGreaterThan(1);
    expect(await Promise.all(streams.map(({ closed }) => closed))).toEqual(Array(20).fill("drain"));
    expect(server.listening).toBe(false);
  });

  it("cuts a reader who takes nothing at the deadline", async () => {
    const { server, streams } = await serve();
    const { socket } = await read(server);
    socket.pause();
    streams[0]?.send({ data: "x".repeat(2 ** 25) });
    await new Promise(setImmediate);
    await drainServer(server, { deadline: 200 });
    expect(await streams[0]?.closed).toBe("drain");
  });

  it("sends who opens a stream meanwhile away to come back (RULES B14)", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    cleanups.push(() => socket.destroy());
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.write(GET);
    const ended = once(socket, "close");
    const [req, res] = await once(server, "request");
    const done = drainServer(server);
    const stream = openEventStream(req, res);
    await Promise.all([done, ended]);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*retry: \d+\n\n\r\n0\r\n\r\n$/i);
    expect(await stream.closed).toBe("drain");
  });

  it("closes the sessions of HTTP/2", async () => {
    const server = createSecureServer(localhost, (req, res) => void openEventStream(req, res));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const session = connectHttp2(url, { rejectUnauthorized: false });
    cleanups.push(() => session.destroy());
    session.on("error", () => {});
    const stream = session.request({ ":path": "/" }).setEncoding("utf8");
    let text = "";
    stream.on("data", (chunk) => {
      text += chunk;
    });
    await once(stream, "data");
    const ended = once(stream, "end");
    await drainServer(server);
    await ended;
    expect(text).toMatch(/^: \n\nretry: \d+\n\n$/);
  });

  it("closes the sessions of HTTP/2 that have no stream, and cuts what is still asked on them at the deadline", async () => {
    const server = createSecureServer(localhost, (req, res) => {
      if (req.url === "/") openEventStream(req, res);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sessions = [0, 1, 2].map(() => {
      const session = connectHttp2(url, { rejectUnauthorized: false }).on("error", () => {});
      cleanups.push(() => session.destroy());
      return session;
    });
    const [reading, idle, waiting] = sessions as [ClientHttp2Session, ClientHttp2Session, ClientHttp2Session];
    // The first has been noted by its stream when the others come.
    await once(reading.request({ ":path": "/" }).resume(), "data");
    const others = [0, 1].map(() => once(server, "session"));
    idle.ping(() => {});
    const asked = waiting.request({ ":path": "/never" }).on("error", () => {});
    await Promise.all([...others, once(server, "request")]);
    const ends = sessions.map((session) => once(session, "close"));
    await drainServer(server, { deadline: 500 });
    await Promise.all(ends);
    expect(asked.destroyed).toBe(true);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the deadline %s", async (deadline) => {
    const { server } = await serve();
    await expect(drainServer(server, { deadline })).rejects.toThrow(RangeError);
    expect(server.listening).toBe(true);
    server.close();
  });
});
