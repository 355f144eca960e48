import { once } from "node:events";
import { ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { EventStream } from "@ssekit/server";
import { describe, expect, it } from "vitest";
import { cleanups, opened, serve } from "../test/raw-reader.ts";
import { openEventStream } from "./open-event-stream.ts";

describe("writing to openEventStream()", () => {
  it("sends a chunk a turn", async () => {
    const { reader, stream } = await opened();
    reader.text = "";
    stream.send({ data: "a" });
    stream.comment("b");
    await reader.until(": b\n\n\r\n");
    expect(reader.text).toBe("e\r\ndata: a\n\n: b\n\n\r\n");
  });

  it.each([
    [{}, 0],
    [{ directWrites: false }, 3],
  ])("passes res.write by once the head has left, unless told not to: %o (HUB A5)", async (init, through) => {
    const { write } = ServerResponse.prototype;
    let calls = 0;
    ServerResponse.prototype.write = function (this: ServerResponse, ...args: unknown[]) {
      calls += 1;
      return Reflect.apply(write, this, args);
    };
    cleanups.push(() => {
      ServerResponse.prototype.write = write;
    });
    const { reader, stream } = await opened(init);
    expect(calls).toBe(1);
    expect(stream.writePath).toBe("response");
    for (const data of ["a", "b", "c"]) {
      stream.send({ data });
      await reader.until(`data: ${data}\n\n\r\n`);
    }
    expect(calls).toBe(1 + through);
    expect(stream.writePath).toBe(through === 0 ? "socket" : "response");
  });

  it.each([
    "as Node writes",
    "straight to the socket",
    "through a middleware that drops the callback",
    "into a response that others cork",
  ])("is true to the socket about backpressure, %s (RULES B19)", async (how) => {
    const directWrites = how === "straight to the socket";
    const { reader, stream, res } = await opened({ maxBufferedBytes: 2 ** 26, directWrites });
    if (how === "through a middleware that drops the callback") {
      const write = res.write.bind(res) as (chunk: unknown) => boolean;
      res.write = (chunk: unknown) => write(chunk);
    }
    expect(stream.desiredSize).toBe(res.writableHighWaterMark);
    const data = "x".repeat(2 ** 14 + 1);
    let sent = 0;
    // Twice, for Node tells a response of the first drain, whoever wrote.
    for (let round = directWrites ? 0 : 1; round < 2; round += 1) {
      reader.socket.pause();
      do {
        if (how === "into a response that others cork") res.cork();
        stream.send({ data });
        sent += 1;
        await new Promise(setImmediate);
        if (how === "into a response that others cork") res.uncork();
      } while (stream.desiredSize > 0);
      expect(stream.desiredSize).toBe(res.writableHighWaterMark - res.writableLength);
      const { ready } = stream;
      reader.socket.resume();
      await ready;
      expect(stream.desiredSize).toBeGreaterThan(0);
    }
    stream.send({ event: "last", data: "" });
    await reader.until("event: last");
    expect(reader.text.split(data)).toHaveLength(sent + 1);
  });

  it("is bounded for a reader that takes nothing", async () => {
    const { reader, stream } = await opened();
    reader.socket.pause();
    const data = "x".repeat(2 ** 16);
    while (!stream.signal.aborted) {
      stream.send({ data });
      await new Promise(setImmediate);
    }
    expect(await stream.closed).toBe("overflow");
    reader.socket.resume();
    await once(reader.socket, "close");
    expect(reader.text.endsWith("\r\n0\r\n\r\n")).toBe(false);
  });

  it.each(["open", "closed"])("drops a reader that stops, of a stream that is %s (HUB C1)", async (state) => {
    const { reader, stream, res } = await opened({ maxBufferedBytes: 2 ** 26, stallTimeout: 400, heartbeat: false });
    reader.socket.pause();
    stream.send({ data: "x".repeat(2 ** 24) });
    await new Promise(setImmediate);
    if (state === "closed") stream.close();
    await once(res, "close");
    expect(await stream.closed).toBe(state === "closed" ? "server" : "stalled");
  });

  it("keeps a reader that drips, though a single write takes it longer than the time-out", async () => {
    const opening = new Promise<{ stream: EventStream; res: ServerResponse }>((resolve, reject) => {
      serve((req, res) => {
        const stream = openEventStream(req, res, { maxBufferedBytes: 2 ** 26, stallTimeout: 400, heartbeat: false });
        resolve({ stream, res });
      }).then(({ port }) => socket.connect(port, "127.0.0.1"), reject);
    });
    const socket = new Socket();
    socket.on("connect", () => socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    cleanups.push(() => socket.destroy());
    const { stream, res } = await opening;
    stream.send({ data: "x".repeat(2 ** 25) });
    await new Promise<void>((resolve) => {
      let drops = 0;
      const drip = setInterval(() => {
        socket.read();
        drops += 1;
        if (drops === 200) resolve();
      }, 5);
      cleanups.push(() => clearInterval(drip));
    });
    expect(stream.signal.aborted).toBe(false);
    expect(res.writableLength).toBeGreaterThan(2 ** 25);
  });

  it("drives a source at the reader's pace, and leaves it when the reader goes", async () => {
    const { reader, stream, res } = await opened({ maxBufferedBytes: 2 ** 20 });
    reader.socket.pause();
    let taken = 0;
    let left = false;
    const source = new ReadableStream<{ data: string }>({
      pull(controller) {
        taken += 1;
        controller.enqueue({ data: "x".repeat(2 ** 16) });
      },
      cancel() {
        left = true;
      },
    });
    const done = stream.sendAll(source);
    while (res.writableLength < res.writableHighWaterMark) await new Promise(setImmediate);
    const before = taken;
    for (let n = 0; n < 10; n++) await new Promise(setImmediate);
    expect(taken - before).toBeLessThanOrEqual(2);
    reader.socket.resetAndDestroy();
    await done;
    expect(left).toBe(true);
    expect(await stream.closed).toBe("client");
  });
});
