import { describe, expect, it } from "vitest";
import { logOf, open, served, short } from "../test/open-source.ts";
import { opened } from "../test/opened.ts";
import { eventStream, noContent, stream, turn } from "../test/scripts.ts";
import { EventSource } from "./event-source.ts";

describe("EventSource", () => {
  it("throws a TypeError without a URL, and a SyntaxError for one that is none (RULES A1)", () => {
    expect(() => new (EventSource as unknown as new () => EventSource)()).toThrow(TypeError);
    for (const url of ["http://this is invalid/", undefined as unknown as string]) {
      expect(() => new EventSource(url)).toThrow(expect.objectContaining({ name: "SyntaxError" }));
    }
    expect(() => (EventSource as unknown as (url: string) => void)("http://127.0.0.1")).toThrow(TypeError);
    expect(EventSource.length).toBe(1);
  });

  it("has the constants and attributes of the IDL (RULES A2)", async () => {
    const { source, server } = await open("/a b", stream(""));
    expect([EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED]).toEqual([0, 1, 2]);
    expect([source.CONNECTING, source.OPEN, source.CLOSED]).toEqual([0, 1, 2]);
    expect([source.readyState, source.withCredentials, source.url]).toEqual([0, false, `${server.origin}/a%20b`]);
    expect(Object.prototype.toString.call(source)).toBe("[object EventSource]");
    expect(Object.keys(EventSource.prototype)).toEqual(
      expect.arrayContaining(["CLOSED", "close", "onerror", "onmessage", "onopen", "readyState", "url"]),
    );
  });

  it.each([
    [false, "same-origin"],
    [true, "include"],
  ])("asks with credentials %s as %s (RULES A3)", (withCredentials, credentials) => {
    let sent: RequestInit = {};
    const fetch = (_url: string, init: RequestInit): Promise<Response> => {
      sent = init;
      return new Promise(() => {});
    };
    opened.push(new EventSource("http://127.0.0.1/", { withCredentials, fetch }));
    expect(sent).toMatchObject({ credentials, cache: "no-store" });
  });

  it("sends GET with the fields of an event stream and no Last-Event-ID (RULES A4)", async () => {
    const { server } = await open("/", stream(""));
    await server.received(1);
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: "GET",
      headers: { accept: "text/event-stream", "cache-control": "no-cache" },
    });
    expect(request?.headers).not.toHaveProperty("last-event-id");
  });

  it("has event handler attributes, in the order in which they were first set (RULES A5)", async () => {
    const { source, log } = await open("/", stream("data: 1\n\nevent: other\ndata: 2\n\ndata: 3\n\n"));
    const told: string[] = [];
    expect(source.onmessage).toBeNull();
    source.onmessage = () => told.push("replaced");
    source.addEventListener("message", () => told.push("listener"));
    const handler = function (this: EventSource, { data }: MessageEvent<string>): void {
      told.push(`${data} ${this === source}`);
    };
    source.onmessage = handler;
    expect(source.onmessage).toBe(handler);
    await log.until("message 3");
    expect(told).toEqual(["1 true", "listener", "3 true", "listener"]);
    source.onmessage = "no function" as never;
    expect(source.onmessage).toBeNull();
    source.onmessage = () => told.push("last");
    source.dispatchEvent(new Event("message"));
    expect(told.slice(4)).toEqual(["listener", "last"]);
  });

  it("closes at once, in silence, and as often as one likes (RULES A6)", async () => {
    let gone: Promise<void> = Promise.resolve();
    const { source, log } = await open("/", (c) => {
      gone = c.closed;
      c.head().write("data: 1\n\n");
    });
    await log.until("message 1");
    source.close();
    source.close();
    expect(source.readyState).toBe(2);
    await gone;
    expect(log.lines).toEqual(["open 1", "message 1"]);
  });

  it("aborts what it asks for when it is closed, and is not opened by what comes late (RULES A6, A11)", async () => {
    let aborted = false;
    let answer = (_response: Response): void => {};
    const fetch = (_url: string, { signal }: RequestInit): Promise<Response> => {
      signal?.addEventListener("abort", () => {
        aborted = true;
      });
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const source = new EventSource("http://127.0.0.1/", { fetch });
    const log = logOf(source);
    source.close();
    answer(eventStream("data: 1\n\n"));
    for (let i = 0; i < 5; i++) await turn();
    expect([aborted, source.readyState, log.lines]).toEqual([true, 2, []]);
  });

  it.each(["before its head has come", "while it reads"])(
    "cancels the body when it is closed %s, though its fetch heeds no signal (RULES A6)",
    async (when) => {
      let answer = (_response: Response): void => {};
      const fetch = (): Promise<Response> =>
        new Promise((resolve) => {
          answer = resolve;
        });
      const source = new EventSource("http://127.0.0.1/", { fetch });
      const log = logOf(source);
      if (when === "before its head has come") source.close();
      await new Promise<void>((resolve) => {
        answer(eventStream(new ReadableStream({ cancel: () => resolve() })));
        if (when === "while it reads") void log.until("open 1").then(() => source.close());
      });
    },
  );

  it("fires plain events (RULES A21)", async () => {
    const { log } = await open("/", noContent);
    await log.until("error 2");
    expect([log.last.bubbles, log.last.cancelable, "data" in log.last, log.last.constructor]).toEqual([
      false,
      false,
      false,
      Event,
    ]);
  });

  it("dispatches each event in a task of its own (RULES A22)", async () => {
    const { source, log } = await open("/", stream("data: 1\n\ndata: 2\n\n"));
    const told: string[] = [];
    source.onmessage = async ({ data }) => {
      told.push(data);
      // All of it is over before the next event, however many microtasks it takes.
      for (let i = 0; i < 10; i++) await undefined;
      told.push(`after ${data}`);
    };
    await log.until("message 2");
    await turn();
    expect(told).toEqual(["1", "after 1", "2", "after 2"]);
  });

  it("reads a chunk when all of the one before it is dispatched (RULES A22)", async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(new TextEncoder().encode(`data: ${++pulls}\n\ndata: x\n\n`)) },
      { highWaterMark: 0 },
    );
    const source = new EventSource("http://127.0.0.1/", { fetch: async () => eventStream(body) });
    const told: unknown[] = [];
    source.onmessage = ({ data }) => {
      told.push([data, pulls]);
      if (pulls === 2) source.close();
    };
    while (source.readyState < 2) await turn();
    expect(told).toEqual([
      ["1", 1],
      ["x", 1],
      ["2", 2],
    ]);
  });

  it.each([
    ["one BOM is removed, cut anywhere (RULES A23)", "\ufeffdata: 1\n\n", "message 1"],
    ["a second BOM is text (RULES A23)", "\ufeff\ufeffdata: 1\n\ndata: 2\n\n", "message 2"],
    [
      "CR, LF and CRLF end lines (RULES A24)",
      "data: 1\r\rdata: 2\n\r\ndata: 3\r\n\r\n",
      "message 1,message 2,message 3",
    ],
    ["what is incomplete is discarded (RULES A26)", "data: 1\n\ndata: 2\n", "message 1"],
    ["comments are ignored (RULES A27)", ":data: 0\ndata: 1\n\n", "message 1"],
    ["one space goes (RULES A28)", "data:  1\n\n", "message  1"],
    ["a line without a colon is a name (RULES A29)", "data\n\n", "message "],
    ["names compare literally (RULES A30)", "Data: 0\n data: 0\ndata: 1\n\n", "message 1"],
    ["event names the type (RULES A31)", "event: a\nevent\ndata: 1\ndata: 2\n\n", "message 1\n2"],
    ["fields unknown are ignored (RULES A34)", "foo: 0\ndata: 1\n\n", "message 1"],
    ["no data, no event (RULES A37)", "event: a\n\ndata: 1\n\n", "message 1"],
    ["one LF is removed (RULES A38)", "data\ndata\n\n", "message \n"],
    ["types may be open and error (RULES A40)", "event: open\ndata: 1\n\n", "open 1"],
  ])("reads byte by byte: %s", async (_what, text, expected) => {
    const bytes = new TextEncoder().encode(text);
    const { log } = await open("/", async (c) => {
      c.socket.setNoDelay();
      c.head();
      for (const byte of bytes) {
        c.write(Uint8Array.of(byte));
        await turn();
      }
      c.end();
    });
    await log.until("error 0");
    expect(log.lines.slice(1, -1).join()).toBe(expected);
  });

  it("ids with NUL are ignored, and those of no event hold (RULES A32, A35, A36)", async () => {
    const { log, server } = await open("/", short("id: 1\n\nid: 2\0\ndata: x\n\nid: 3\n"), noContent);
    await log.until("error 2");
    expect([log.all[1]?.lastEventId, server.requests[1]?.headers["last-event-id"]]).toEqual(["1", "1"]);
  });

  it("silences the rest of the chunk when it is closed in a handler (RULES A41)", async () => {
    const { source } = served("data: 1\n\ndata: 2\n\n");
    const log = logOf(source);
    source.onmessage = () => source.close();
    await log.until("message 1");
    for (let i = 0; i < 5; i++) await turn();
    expect(log.lines).toEqual(["open 1", "message 1"]);
  });
});
