import { type Script, ScriptedServer } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { HandClock } from "../test/hand-clock.ts";
import { eventStream, noContent, short as shortStream, stream, turn } from "../test/scripts.ts";
import { EventSource } from "./event-source.ts";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** A stream that ends, and asks to come back soon. */
const short = (text: string): Script => shortStream(`retry: 50\n\n${text}`);

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

  it("begins each stream anew, with a BOM of its own (RULES A23, A25, A26)", async () => {
    const { log } = await open("/", short("event: other\ndata: 1\nda"), stream("\ufeffdata: 2\n\n"));
    await log.until("message 2");
    expect(log.lines).toEqual(["open 1", "error 0", "open 1", "message 2"]);
  });

  it("ids with NUL are ignored, and those of no event hold (RULES A32, A35, A36)", async () => {
    const { log, server } = await open("/", short("id: 1\n\nid: 2\0\ndata: x\n\nid: 3\n"), noContent);
    await log.until("error 2");
    expect([log.all[1]?.lastEventId, server.requests[1]?.headers["last-event-id"]]).toEqual(["1", "1"]);
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

  it("silences the rest of the chunk when it is closed in a handler (RULES A41)", async () => {
    const { source } = served("data: 1\n\ndata: 2\n\n");
    const log = logOf(source);
    source.onmessage = () => source.close();
    await log.until("message 1");
    for (let i = 0; i < 5; i++) await turn();
    expect(log.lines).toEqual(["open 1", "message 1"]);
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

/** One on a clock that the test moves, whose streams have the same text and then end, save where `next` does it. */
function served(text: string): {
  source: EventSource;
  clock: HandClock;
  asked(): number;
  next(start: (body: ReadableStreamDefaultController<Uint8Array>) => void): void;
} {
  const clock = new HandClock();
  let asked = 0;
  let start: ((body: ReadableStreamDefaultController<Uint8Array>) => void) | undefined;
  const fetch = async (): Promise<Response> => {
    asked++;
    return eventStream(start === undefined ? text : new ReadableStream<Uint8Array>({ start }));
  };
  const source = new EventSource("http://127.0.0.1/", { clock, fetch });
  opened.push(source);
  return {
    source,
    clock,
    asked: () => asked,
    next(given) {
      start = given;
    },
  };
}

interface Log {
  readonly lines: string[];
  readonly all: MessageEvent[];
  readonly last: MessageEvent;
  until(line: string): Promise<void>;
}

async function open(
  path: string,
  ...scripts: Script[]
): Promise<{ source: EventSource; server: ScriptedServer; log: Log }> {
  const server = await ScriptedServer.start(...scripts);
  const source = new EventSource(server.origin + path);
  opened.push(source, server);
  return { source, server, log: logOf(source) };
}

/** What a source fires, each with its data, or with the state it is fired in. */
function logOf(source: EventSource): Log {
  const lines: string[] = [];
  const all: MessageEvent[] = [];
  let heard = (): void => {};
  for (const type of ["open", "message", "error", "other"]) {
    source.addEventListener(type, (event) => {
      lines.push(`${type} ${event instanceof MessageEvent ? event.data : source.readyState}`);
      all.push(event as MessageEvent);
      queueMicrotask(() => heard());
    });
  }
  return {
    lines,
    all,
    get last() {
      return all.at(-1) as MessageEvent;
    },
    async until(line) {
      while (!lines.includes(line)) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
  };
}
