import { ScriptedServer } from "testing";
import { describe, expect, it } from "vitest";
import { HandClock } from "../test/hand-clock.ts";
import { logOf, open, served, short } from "../test/open-source.ts";
import { opened } from "../test/opened.ts";
import { eventStream, noContent, stream, turn } from "../test/scripts.ts";
import { EventSource } from "./event-source.ts";

describe("EventSource", () => {
  it.each(["in its error handler", "while it waits"])(
    "does not reconnect when it is closed %s (RULES A6, A17)",
    async (when) => {
      const { source, clock, asked } = served("");
      if (when === "in its error handler") source.onerror = () => source.close();
      else {
        await clock.waiting();
        source.close();
      }
      for (let i = 0; i < 5; i++) await turn();
      expect(clock.waits).toEqual([]);
      clock.pass(10_000);
      await turn();
      expect([asked(), source.readyState]).toEqual([1, 2]);
    },
  );

  it.each<[string, () => Promise<Response>]>([
    ["its head has come", async () => eventStream("data: 1\n\n")],
    ["its request has failed", () => Promise.reject(new TypeError("no network"))],
  ])("fires nothing when it is closed after %s (RULES A6, A11, A13)", async (_what, answer) => {
    const fetch = (): Promise<Response> => {
      // Queued before the task that would tell of it.
      setImmediate(() => source.close());
      return answer();
    };
    const source = new EventSource("http://127.0.0.1/", { fetch });
    const log = logOf(source);
    for (let i = 0; i < 5; i++) await turn();
    expect([log.lines, source.readyState]).toEqual([[], 2]);
  });

  it("makes no other attempt once it has failed (RULES A20)", async () => {
    const clock = new HandClock();
    const source = new EventSource("http://127.0.0.1/", { clock, fetch: async () => new Response() });
    const log = logOf(source);
    await log.until("error 2");
    for (let i = 0; i < 5; i++) await turn();
    expect(clock.waits).toEqual([]);
  });

  it("fires error at CONNECTING, then waits the reconnection time, then asks (RULES A13, A14, A16)", async () => {
    const { source, clock, asked } = served("");
    const told: unknown[] = [];
    source.onerror = () => told.push([source.readyState, asked(), clock.waits]);
    await clock.waiting();
    expect(told).toEqual([[0, 1, []]]);
    expect(clock.waits).toEqual([3_000]);
    clock.pass(2_999);
    await turn();
    expect(asked()).toBe(1);
    clock.pass(1);
    await clock.waiting();
    expect(asked()).toBe(2);
    expect(told).toEqual([
      [0, 1, []],
      [0, 2, []],
    ]);
  });

  it("reestablishes after a network error, whenever it comes (RULES A7, A12)", async () => {
    let reset = (): void => {};
    const { log } = await open(
      "/",
      (c) => c.head().write("retry: 50\ndata: 1\n\n").end(),
      (c) => c.write("no HTTP\r\n\r\n").end(),
      (c) => {
        c.head("200 OK", "Transfer-Encoding: chunked").write("9\r\ndata: 2\n\n\r\n");
        reset = () => c.reset();
      },
      stream("data: 3\n\n"),
    );
    await log.until("message 2");
    reset();
    await log.until("message 3");
    expect(log.lines).toEqual("open 1,message 1,error 0,error 0,open 1,message 2,error 0,open 1,message 3".split(","));
  });

  it.each(["ftp://127.0.0.1/", "about:blank", "mailto:a@b", "javascript:alert(1)"])(
    "fails where %s can't be fetched (RULES A7)",
    async (url) => {
      const source = new EventSource(url);
      opened.push(source);
      const log = logOf(source);
      await log.until("error 2");
      expect(log.lines).toEqual(["error 2"]);
    },
  );

  it.each(["204 No Content", "205 Reset Content", "210 x", "299 x", "400 x", "404 x", "410 x", "500 x", "503 x"])(
    "fails for %s (RULES A8, A20)",
    async (status) => {
      const { log, server } = await open("/", (c) => c.head(status, "Content-Length: 0").end());
      await log.until("error 2");
      expect([log.lines, server.requests.length]).toEqual([["error 2"], 1]);
    },
  );

  it.each([
    ["text/event-stream", "open 1"],
    ["Text/Event-Stream ;charset=windows-1252", "open 1"],
    ["text/event-stream;", "open 1"],
    ['text/html, text/event-stream; a="b, c"', "open 1"],
    ["text/event-stream; a=b, text/html", "error 2"],
    ["text/event-streamx", "error 2"],
    ["text/x-bogus", "error 2"],
    ["x bogus", "error 2"],
    ["", "error 2"],
  ])("takes the content type %j as %s (RULES A9)", async (type, line) => {
    const { log } = await open("/", stream("", `Content-Type: ${type}`));
    await log.until(line);
    expect(log.lines).toEqual([line]);
  });

  it.each([301, 302, 303, 307, 308])("follows %i and keeps its URL (RULES A2, A10, A39)", async (status) => {
    const target = await ScriptedServer.start(stream("data: 1\n\n"));
    opened.push(target);
    const { source, log } = await open("/", (c) =>
      c
        .write(`HTTP/1.1 ${status} x\r\nLocation: ${target.origin}/b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
        .end(),
    );
    const { url } = source;
    await log.until("message 1");
    expect([source.url, log.last.origin]).toEqual([url, target.origin]);
  });

  it("announces the connection at the head (RULES A11)", async () => {
    const { log } = await open("/", (c) => c.head());
    await log.until("open 1");
  });

  it("asks the original URL again with the last event ID, until a failure (RULES A19, A20)", async () => {
    const { log, server, source } = await open(
      "/",
      (c) => c.write("HTTP/1.1 302 x\r\nLocation: /b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").end(),
      short("id: 1\ndata: 1\n\n"),
      noContent,
    );
    await log.until("error 2");
    expect(server.requests.map(({ path, headers }) => [path, headers["last-event-id"]])).toEqual([
      ["/", undefined],
      ["/b", undefined],
      ["/", "1"],
    ]);
    expect([log.lines, source.readyState]).toEqual([["open 1", "message 1", "error 0", "error 2"], 2]);
  });

  it("sends the id in UTF-8, and none after a reset (RULES A18, A45)", async () => {
    const { log, server } = await open("/", short("id: é…\ndata: 1\n\n"), short("id\ndata: 2\n\n"), noContent);
    await log.until("error 2");
    expect(server.requests[1]?.headers["last-event-id"]).toBe(Buffer.from("é…").toString("latin1"));
    expect(server.requests[2]?.headers).not.toHaveProperty("last-event-id");
  });

  it("begins each stream anew, with a BOM of its own (RULES A23, A25, A26)", async () => {
    const { log } = await open("/", short("event: other\ndata: 1\nda"), stream("\ufeffdata: 2\n\n"));
    await log.until("message 2");
    expect(log.lines).toEqual(["open 1", "error 0", "open 1", "message 2"]);
  });

  it("keeps the reconnection time over connections (RULES A14, A33)", async () => {
    const { log, server } = await open(
      "/",
      (c) => c.head().write("retry: 50\nretry: 9x\n").end(),
      (c) => c.head().end(),
      noContent,
    );
    await log.until("error 2");
    expect(server.requests).toHaveLength(3);
  });

  it("continues from the last event ID in a new stream (RULES A42)", async () => {
    const { log } = await open("/", short("id: 1\ndata: 1\n\n"), stream("data: 2\n\n"));
    await log.until("message 2");
    expect((log.last as MessageEvent).lastEventId).toBe("1");
  });

  it("waits longer after connections that lived under a second, and never less than 50 ms (RULES A15)", async () => {
    const { clock, next } = served("retry: 0\n\n");
    const waits: number[] = [];
    for (let i = 0; i < 13; i++) {
      await clock.waiting();
      waits.push(...clock.waits);
      clock.pass(clock.waits[0] as number);
    }
    expect(waits).toEqual([50, 50, 50, 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    await clock.waiting();
    // One that lives for a second begins the count anew.
    let end = (): void => {};
    next((body) => {
      end = () => body.close();
    });
    clock.pass(5_000);
    for (let i = 0; i < 5; i++) await turn();
    clock.pass(1_000);
    end();
    await clock.waiting();
    expect(clock.waits).toEqual([50]);
  });

  it("gives a timer no more than it takes (RULES A33)", async () => {
    const { clock } = served("retry: 99999999999\n\n");
    await clock.waiting();
    expect(clock.waits).toEqual([2_147_483_647]);
  });
});
