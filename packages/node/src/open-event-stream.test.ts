import { execFile } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import type { EventStream } from "@ssekit/server";
import { describe, expect, it } from "vitest";
import { answer, FIRST, type Listener, opened, RawReader, serve } from "../test/raw-reader.ts";
import { openEventStream } from "./open-event-stream.ts";

describe("the head of openEventStream()", () => {
  it("leaves with the first bytes and what the turn sent, as one chunk (RULES B9, B11, B12)", async () => {
    const { port } = await serve((req, res) => {
      res.sendDate = false;
      res.setHeader("access-control-allow-origin", "https://example.net");
      res.setHeader("content-type", "text/plain");
      res.setHeader("content-length", "3");
      res.setHeader("set-cookie", "a=1");
      res.setHeader("vary", "Accept-Encoding");
      const stream = openEventStream(req, res, {
        retry: 500,
        headers: { "x-a": "1", "set-cookie": "b=2", vary: "Origin" },
      });
      stream.send({ data: { a: 1 } });
      stream.send({ event: "x", data: "b", id: "7" });
    });
    const reader = new RawReader(port);
    reader.send("GET", ["Connection: close"]);
    await reader.until("id: 7\n\n\r\n");
    const [head = "", body] = reader.text.split("\r\n\r\n");
    expect(head.toLowerCase().split("\r\n").sort()).toEqual([
      "access-control-allow-origin: https://example.net",
      "cache-control: no-cache, no-transform",
      "connection: close",
      "content-type: text/event-stream",
      "http/1.1 200 ok",
      "set-cookie: a=1",
      "set-cookie: b=2",
      "transfer-encoding: chunked",
      "vary: accept-encoding",
      "vary: origin",
      "x-a: 1",
      "x-accel-buffering: no",
    ]);
    const chunk = ': \nretry: 500\n\ndata: {"a":1}\n\nevent: x\ndata: b\nid: 7\n\n';
    expect(body).toBe(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  });

  it("frames nothing for HTTP/1.0, as nginx may ask (HUB A5)", async () => {
    const { port } = await serve((req, res) => openEventStream(req, res).send({ data: "a" }));
    const reader = new RawReader(port);
    reader.send("GET", [], "1.0");
    await reader.until("data: a\n\n");
    expect(reader.text.split("\r\n\r\n")[1]).toBe(`${FIRST}data: a\n\n`);
  });

  it("is all that HEAD gets, and the stream is closed (RULES B13)", async () => {
    const streams: EventStream[] = [];
    const head = await answer((req, res) => streams.push(openEventStream(req, res)), "HEAD");
    expect(head).toMatchObject({ status: 200, body: "", headers: { "content-type": "text/event-stream" } });
    expect(head.headers["content-length"]).toBeUndefined();
    expect(await streams[0]?.closed).toBe("server");
  });

  it("is 406 for a GET that excludes event streams, and never for a POST (RULES B15)", async () => {
    const listener: Listener = (req, res) => openEventStream(req, res).close();
    const accept = { accept: "application/json" };
    expect(await answer(listener, "GET", accept)).toMatchObject({ status: 406, body: "" });
    expect(await answer(listener, "POST", accept)).toMatchObject({ status: 200, body: FIRST });
    expect(await answer(listener, "GET")).toMatchObject({ status: 200, body: FIRST });
  });

  it("can be held, and another status decided (RULES B14)", async () => {
    const refused = await answer(async (req, res) => {
      const stream = openEventStream(req, res, { headers: { "x-a": "1" } });
      stream.hold();
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      stream.refuse(403);
    }, "GET");
    expect(refused).toMatchObject({ status: 403, body: "", headers: { "content-length": "0", "x-a": "1" } });
    expect(refused.headers["content-type"]).toBeUndefined();
    expect(await answer((req, res) => openEventStream(req, res).refuse(204), "GET")).toMatchObject({ status: 204 });
  });

  it("must not have left before", async () => {
    const thrown = await answer((req, res) => {
      res.write("hello");
      try {
        openEventStream(req, res);
      } catch (error) {
        res.end(` ${(error as Error).name}: ${(error as Error).message}`);
      }
    }, "GET");
    expect(thrown.body).toContain("hello TypeError: Cannot open an event stream on GET /");
  });

  it("gives the cursor, decoded, and the query's where there is no header (HUB B5)", async () => {
    const cursors: unknown[] = [];
    const listener: Listener = (req, res) => {
      const stream = openEventStream(req, res);
      cursors.push(stream.lastEventId);
      stream.close();
    };
    await answer(listener, "GET", { "last-event-id": Buffer.from("é").toString("latin1") });
    await answer(listener, "GET", { "last-event-id": "" });
    await answer(listener, "GET");
    expect(cursors).toEqual(["é", "", undefined]);
  });
});

describe("the end of openEventStream()", () => {
  it.each(["end", "destroy", "resetAndDestroy"] as const)(
    "is client when the reader calls %s (RULES B18)",
    async (how) => {
      const { reader, stream, res } = await opened();
      reader.socket[how]();
      expect(await stream.closed).toBe("client");
      stream.send({ data: "late" });
      await new Promise(setImmediate);
      expect(res.writableLength).toBe(0);
    },
  );

  it("is client when the reader resets while bytes wait, and nothing is thrown (RULES B18)", async () => {
    const { reader, stream } = await opened({ maxBufferedBytes: 2 ** 26 });
    reader.socket.pause();
    stream.send({ data: "x".repeat(2 ** 24) });
    await new Promise(setImmediate);
    reader.socket.resetAndDestroy();
    expect(await stream.closed).toBe("client");
  });

  it("is client for pipelined requests too, whose turn had not come (RULES B18)", async () => {
    const reasons = new Promise((resolve) => {
      const streams: EventStream[] = [];
      const listener: Listener = (req, res) => {
        streams.push(openEventStream(req, res));
        if (streams.length < 3) return;
        resolve(Promise.all(streams.map((stream) => stream.closed)));
        reader.socket.destroy();
      };
      let reader: RawReader;
      serve(listener).then(({ port }) => {
        reader = new RawReader(port);
        for (let n = 0; n < 3; n++) reader.send("GET");
      }, expect.unreachable);
    });
    expect(await reasons).toEqual(["client", "client", "client"]);
  });

  it("is client when the reader left before the stream was opened (RULES B17)", async () => {
    const stream = await new Promise<EventStream>((resolve, reject) => {
      const listener: Listener = async (req, res) => {
        await once(res, "close");
        resolve(openEventStream(req, res));
      };
      serve(listener).then(({ port }) => {
        const reader = new RawReader(port);
        reader.send("GET");
        reader.socket.end();
      }, reject);
    });
    expect(stream.signal.aborted).toBe(true);
    expect(await stream.closed).toBe("client");
  });

  it("is server when the server stops (RULES B25)", async () => {
    const { server, stream } = await opened();
    server.close();
    server.closeAllConnections();
    expect(await stream.closed).toBe("server");
  });

  it("is server when the server stops while bytes wait", async () => {
    const { server, reader, stream } = await opened({ maxBufferedBytes: 2 ** 26 });
    reader.socket.pause();
    stream.send({ data: "x".repeat(2 ** 24) });
    await new Promise(setImmediate);
    server.closeAllConnections();
    expect(await stream.closed).toBe("server");
  });

  it("is server when others end the response, and nothing is thrown", async () => {
    const { stream, res, reader } = await opened();
    res.end();
    stream.send({ data: "late" });
    expect(await stream.closed).toBe("server");
    await reader.until("\r\n0\r\n\r\n");
  });

  it("is error when others end the response and more is sent, and onError hears why (RULES B18)", async () => {
    const errors: unknown[] = [];
    const { stream, res, reader } = await opened({ onError: (error) => errors.push(error), maxBufferedBytes: 2 ** 26 });
    reader.socket.pause();
    stream.send({ data: "x".repeat(2 ** 24) });
    await new Promise(setImmediate);
    res.end();
    stream.send({ data: "late" });
    expect(await stream.closed).toBe("error");
    expect(errors).toMatchObject([{ code: "ERR_STREAM_WRITE_AFTER_END" }]);
  });

  it("ends the body, so that the connection serves the next request", async () => {
    const { reader, stream } = await opened();
    stream.send({ data: "bye" });
    stream.close();
    await reader.until("data: bye\n\n\r\n0\r\n\r\n");
    expect(await stream.closed).toBe("server");
    reader.text = "";
    reader.send("GET");
    await reader.until(FIRST);
    expect(reader.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it("comes after what others keep corked (HUB A5)", async () => {
    const { reader, stream, res } = await opened();
    reader.text = "";
    res.cork();
    res.write(": others\n\n");
    stream.send({ data: "bye" });
    stream.close();
    await reader.until("\r\n0\r\n\r\n");
    expect(reader.text).toMatch(/: others\n\n[\s\S]*data: bye\n\n\r\n0\r\n\r\n$/);
  });

  it("comes with its age over the wire", async () => {
    const { reader, stream } = await opened({ maxAge: 200 });
    expect(await stream.closed).toBe("age");
    await reader.until("\r\n0\r\n\r\n");
  });

  it("leaves no listener behind on a connection that serves many streams (RULES B18)", async () => {
    const listeners = (emitter: IncomingMessage["socket"]): number =>
      emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
    const counts: number[] = [];
    const { port } = await serve((req, res) => {
      counts.push(listeners(req.socket));
      openEventStream(req, res).close();
    });
    const reader = new RawReader(port);
    for (let n = 0; n < 5; n++) {
      reader.text = "";
      reader.send("GET");
      await reader.until("\r\n0\r\n\r\n");
    }
    expect(counts[4]).toBe(counts[1]);
  });
});

describe("a process", () => {
  it("is not kept alive by the timers of a stream (RULES B25)", async () => {
    const program = `
      import { createEventStream } from "@ssekit/server";
      const nothing = () => {};
      const transport = { bufferedBytes: 0, highWaterMark: 1, observe: nothing, answer: nothing, open: nothing, write: nothing, end: nothing, abort: nothing };
      createEventStream(new Request("http://localhost/"), transport, { maxAge: 3_600_000 });
    `;
    const args = ["--conditions=@ssekit/source", "--no-warnings", "--input-type=module", "--eval", program];
    await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, timeout: 10_000 });
  });
});
