import { defineEvents, type StandardSchema } from "@ssekit/codec";
import { type Script, type ScriptedConnection, ScriptedServer } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { FastClock } from "../test/fast-clock.ts";
import { HandClock } from "../test/hand-clock.ts";
import { eventStream, noContent, short, status, stream, turn } from "../test/scripts.ts";
import type { EventSourceClientOptions } from "./client-options.ts";
import type { ClientState } from "./client-state.ts";
import { EventSourceClient } from "./event-source-client.ts";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

const fast = { retry: { floor: 1, spread: 1 } };

describe("EventSourceClient", () => {
  it("sends the method, body and header fields that it is given", async () => {
    const { server } = await open([stream("")], {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json", "x-a": "b" },
      lastEventId: "7",
    });
    await server.received(1);
    expect(server.requests[0]).toMatchObject({
      method: "POST",
      body: '{"a":1}',
      headers: {
        accept: "text/event-stream",
        "cache-control": "no-cache",
        "content-type": "application/json",
        "last-event-id": "7",
        "x-a": "b",
      },
    });
  });

  it("makes the header fields of each attempt, and keeps the cursor", async () => {
    const { client, server } = await open([short("id: 1\ndata: a\n\n"), noContent], {
      ...fast,
      headers: async ({ attempt, lastEventId, disconnection }) => ({
        "x-attempt": `${attempt} ${lastEventId} ${disconnection?.reason}`,
      }),
    });
    expect(await collect(client)).toEqual(["a"]);
    expect(server.requests.map(({ headers }) => [headers["x-attempt"], headers["last-event-id"]])).toEqual([
      ["1  undefined", undefined],
      ["2 1 end", "1"],
    ]);
  });

  it("refreshes once for a 401, and takes the second for final", async () => {
    let refreshed = 0;
    const refresh = (): void => void refreshed++;
    const { client, server } = await open([status("401 x"), short("data: a\n\n"), status("403 x"), status("401 x")], {
      ...fast,
      refresh,
    });
    await expect(collect(client)).rejects.toMatchObject({ code: "connection-failed" });
    expect([refreshed, server.requests.length]).toEqual([2, 4]);
  });

  it("shares a refresh that is under way between clients", async () => {
    let refreshed = 0;
    let go = (): void => {};
    const refresh = (): Promise<void> => {
      refreshed++;
      return new Promise((resolve) => {
        go = resolve;
      });
    };
    const both = await Promise.all([1, 2].map(() => open([status("401 x"), noContent], { ...fast, refresh })));
    await Promise.all(both.map(({ client }) => untilState(client, ({ disconnection }) => disconnection !== undefined)));
    await turn();
    go();
    await Promise.all(both.map(({ client }) => client.closed));
    expect(refreshed).toBe(1);
  });

  it.each<[string, Script, string]>([
    ["ends", short("data: a\n\n"), "end"],
    [
      "breaks off",
      (c) =>
        c.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99\r\n\r\ndata: a\n\n").end(),
      "error",
    ],
    ["is refused", status("503 x"), "error"],
  ])("never repeats a POST whose stream %s", async (_how, script, closeReason) => {
    const { client, server } = await open([script], { ...fast, method: "POST", onError: () => {} });
    client.onAny(() => {});
    expect(await client.closed).toMatchObject({ closeReason });
    expect(server.requests).toHaveLength(1);
  });

  it("resumes a POST as it is told", async () => {
    const { client, server } = await open([short("id: 1\ndata: a\n\n"), noContent], {
      ...fast,
      method: "POST",
      body: "ask",
      resume: ({ lastEventId }) => ({ url: `/more?after=${lastEventId}`, method: "GET", body: null }),
    });
    expect(await collect(client)).toEqual(["a"]);
    expect(server.requests.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
      "POST / ask",
      "GET /more?after=1 ",
    ]);
  });

  it.each([400, 401, 404, 410, 501, 201])("takes %i for final, and says so", async (code) => {
    const { client, server } = await open([status(`${code} x`)], fast);
    await expect(collect(client)).rejects.toMatchObject({
      code: "connection-failed",
      cause: expect.objectContaining({ reason: "status" }),
    });
    expect([client.state.closeReason, server.requests.length]).toEqual(["error", 1]);
  });

  it("tells a failure to onError where nobody iterates", async () => {
    const errors: unknown[] = [];
    const { client } = await open([status("404 x")], { onError: (error) => errors.push(error) });
    await client.closed;
    expect(errors).toEqual([expect.objectContaining({ code: "connection-failed" })]);
  });

  it("waits the floor and a part of a spread that doubles, up to the ceiling", async () => {
    const clock = new FastClock();
    const retry = { floor: 100, ceiling: 2_000, spread: 400, random: () => 0.5, maxAttempts: 6 };
    const { client } = await open([status("503 x")], { clock, idleTimeout: 0, retry, onError: () => {} });
    await client.closed;
    expect(clock.waits).toEqual([300, 500, 900, 1050, 1050]);
  });

  it.each([
    ["retry:", short("retry: 700\n\n"), 700],
    ["retry: over the ceiling", short("retry: 70000\n\n"), 2_000],
    ["retry: under the floor", short("retry: 1\n\n"), 100],
    ["Retry-After", status("503 x", "Retry-After: 1"), 1_000],
    ["Retry-After over the ceiling", status("429 x", "Retry-After: 9"), 2_000],
  ])("waits as long as the server asks by %s, within its bounds", async (_by, script, wait) => {
    const clock = new FastClock();
    const retry = { floor: 100, ceiling: 2_000, random: () => 0 };
    const { client } = await open([script, noContent], { clock, idleTimeout: 0, retry });
    client.onAny(() => {});
    await client.closed;
    expect(clock.waits).toEqual([wait]);
  });

  it("counts anew after a connection that lived long enough", async () => {
    const clock = new FastClock();
    const attempts: number[] = [];
    const long: Script = (c) => {
      c.head().write("data: a\n\n");
    };
    const connections: ScriptedConnection[] = [];
    const { client } = await open(
      [
        status("503 x"),
        status("503 x"),
        (c, request) => {
          connections.push(c);
          long(c, request);
        },
        noContent,
      ],
      { clock, idleTimeout: 0, headers: ({ attempt }) => ({ "x-attempts": `${attempts.push(attempt)}` }) },
    );
    client.on("message", () => {
      clock.pass(10_000);
      connections[0]?.end();
    });
    await client.closed;
    expect(attempts).toEqual([1, 2, 3, 1]);
  });

  it("gives up after so many attempts, or so long", async () => {
    const more = { idleTimeout: 0, onError: () => {} };
    const byCount = await open([status("503 x")], { ...more, clock: new FastClock(), retry: { maxAttempts: 3 } });
    await byCount.client.closed;
    expect(byCount.server.requests).toHaveLength(3);
    const byTime = await open([status("503 x")], {
      ...more,
      clock: new FastClock(),
      retry: { maxElapsed: 2_000, random: () => 0 },
    });
    await byTime.client.closed;
    expect(byTime.server.requests).toHaveLength(5);
  });

  it("asks isFinal, which may read the body of the answer", async () => {
    const isFinal = async ({ response }: { response?: Response }): Promise<boolean> =>
      (await response?.text()) === "gone";
    const { client, server } = await open(
      [(c) => c.head("404 x").write("later").end(), (c) => c.head("404 x").write("gone").end()],
      { retry: { floor: 1, spread: 1, isFinal }, onError: () => {} },
    );
    await client.closed;
    expect(server.requests).toHaveLength(2);
  });

  it("leaves an answer that is no stream, and does not end, when it tries again", async () => {
    let gone: Promise<void> | undefined;
    const { client } = await open(
      [
        (c) => {
          gone = c.closed;
          c.head("503 x").write("Later");
        },
        noContent,
      ],
      fast,
    );
    await client.closed;
    await gone;
    expect(gone).toBeDefined();
  });

  it("leaves a connection on which nothing came for too long; comments are something", async () => {
    const clock = new HandClock();
    const connections: ScriptedConnection[] = [];
    const { client, server } = await open([(c) => void connections.push(c.head()), noContent], {
      clock,
      idleTimeout: 8_000,
      retry: { random: () => 0 },
    });
    let beats = 0;
    let heard = (): void => {};
    client.onComment(() => {
      beats++;
      heard();
    });
    await untilState(client, ({ readyState }) => readyState === 1);
    for (let i = 0; i < 3; i++) {
      clock.pass(7_000);
      const beat = new Promise<void>((resolve) => {
        heard = resolve;
      });
      connections[0]?.write(":\n");
      await beat;
      await turn();
    }
    expect([beats, server.requests.length, client.readyState]).toEqual([3, 1, 1]);
    clock.pass(8_000);
    await untilState(client, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
    expect(client.state.disconnection?.reason).toBe("idle");
    clock.pass(500);
    await client.closed;
  });

  it("leaves a connection when the machine slept, and comes back at once", async () => {
    const clock = new HandClock();
    const { client, server } = await open([stream(""), noContent], { clock });
    client.onAny(() => {});
    await untilState(client, ({ readyState }) => readyState === 1);
    await turn();
    clock.pass(60_000, { slept: true });
    await untilState(client, ({ disconnection }) => disconnection?.reason === "asleep");
    clock.pass(0);
    await client.closed;
    expect(server.requests).toHaveLength(2);
  });

  it.each(["online", "pageshow", "visibilitychange"])("tries at once when %s comes while it waits", async (type) => {
    const clock = new HandClock();
    const wakeOn = new EventTarget();
    const { client, server } = await open([status("503 x", "Retry-After: 20"), noContent], { clock, wakeOn });
    await untilState(client, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
    wakeOn.dispatchEvent(new Event(type));
    await turn();
    expect(server.requests).toHaveLength(1);
    clock.pass(500);
    wakeOn.dispatchEvent(new Event(type));
    await client.closed;
    expect(server.requests).toHaveLength(2);
  });

  it("reads no chunk before the loop has taken the one before it", async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(new TextEncoder().encode(`data: ${++pulls}\n\ndata: x\n\n`)) },
      { highWaterMark: 0 },
    );
    const { client } = await open([], { fetch: async () => eventStream(body) });
    const events = client[Symbol.asyncIterator]();
    for (let i = 0; i < 5; i++) {
      await events.next();
      await turn();
    }
    expect(pulls).toBe(3);
    await events.return?.();
    expect(client.readyState).toBe(2);
  });

  it("reads on after an id that comes without an event while the loop waits", async () => {
    const connections: ScriptedConnection[] = [];
    const { client } = await open([(c) => void connections.push(c.head())]);
    const events = client[Symbol.asyncIterator]();
    const next = events.next();
    await untilState(client, ({ readyState }) => readyState === 1);
    connections[0]?.write("event: ssekit.cursor\ndata:\nid: #1\n\n");
    while (client.lastEventId === "") await turn();
    connections[0]?.write("data: a\n\n");
    expect([(await next).value, client.lastEventId]).toEqual([{ type: "message", data: "a", lastEventId: "#1" }, "#1"]);
  });

  it("reads nothing before someone listens, and then loses nothing", async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (pulls++ === 0) controller.enqueue(new TextEncoder().encode("data: a\n\n"));
        },
      },
      { highWaterMark: 0 },
    );
    const { client } = await open([], { fetch: async () => eventStream(body) });
    await untilState(client, ({ readyState }) => readyState === 1);
    for (let i = 0; i < 10; i++) await turn();
    expect(pulls).toBe(0);
    const event = await new Promise((resolve) => client.on("message", resolve));
    expect(event).toEqual({ type: "message", data: "a", lastEventId: "" });
  });

  it("is iterated once", async () => {
    const { client } = await open([stream("")]);
    client[Symbol.asyncIterator]();
    expect(() => client[Symbol.asyncIterator]()).toThrow(TypeError);
  });

  it("gives each event to its listeners, and isolates what they throw", async () => {
    const errors: unknown[] = [];
    const { client } = await open([short("event: a\ndata: 1\n\ndata: 2\n\n"), noContent], {
      ...fast,
      onError: (error) => errors.push(error),
    });
    const told: string[] = [];
    client.on("a", () => {
      throw new Error("thrown");
    });
    client.on("a", ({ data }) => told.push(`a ${data}`));
    client.on("message", () => Promise.reject(new Error("rejected")));
    const stop = client.onAny(({ type }) => {
      told.push(`any ${type}`);
      stop();
    });
    await client.closed;
    expect(told).toEqual(["a 1", "any a"]);
    expect(errors.map(String)).toEqual(["Error: thrown", "Error: rejected"]);
  });

  it("delivers nothing after close, in the chunk that is read either", async () => {
    const { client } = await open([stream("data: 1\n\ndata: 2\n\n")]);
    const told: string[] = [];
    client.on("message", ({ data }) => {
      told.push(data);
      client.close();
    });
    client.onAny(({ data }) => told.push(data));
    expect(await client.closed).toMatchObject({ readyState: 2, closeReason: "client" });
    expect(told).toEqual(["1"]);
  });

  it.each(["before", "while it asks", "while it waits", "while it reads"])(
    "stops %s when its signal aborts",
    async (when) => {
      const controller = new AbortController();
      const { signal } = controller;
      if (when === "before") controller.abort();
      const script = when === "while it asks" ? () => {} : when === "while it waits" ? status("503 x") : stream("");
      const { client, server } = await open([script], { signal });
      if (when === "while it asks") await server.received(1);
      if (when === "while it waits") await untilState(client, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
      if (when === "while it reads") await untilState(client, ({ readyState }) => readyState === 1);
      controller.abort();
      expect(await client.closed).toMatchObject({ closeReason: "client", nextAttemptAt: undefined });
      expect(await collect(client)).toEqual([]);
    },
  );

  it("stops though its fetch heeds no signal", async () => {
    const { client } = await open([], { fetch: () => new Promise(() => {}) });
    await client[Symbol.asyncDispose]();
    expect(client.readyState).toBe(2);
  });

  it("tells its states, with the reason and the time of the next attempt", async () => {
    const clock = new HandClock();
    const { client } = await open([short(""), noContent], { clock, retry: { random: () => 0 } });
    const states: unknown[] = [];
    client.onState(({ readyState, attempt, disconnection, nextAttemptAt, closeReason }) =>
      states.push([readyState, attempt, disconnection?.reason, nextAttemptAt, closeReason]),
    );
    client.onAny(() => {});
    await untilState(client, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
    clock.pass(500);
    await client.closed;
    expect(states).toEqual([
      [1, 1, undefined, undefined, undefined],
      [0, 2, "end", undefined, undefined],
      [0, 2, "end", 500, undefined],
      [0, 2, "end", undefined, undefined],
      [0, 3, "status", undefined, undefined],
      [2, 3, "status", undefined, "end"],
    ]);
  });

  it("makes values of data, and gives those that it can't to onError", async () => {
    const errors: unknown[] = [];
    const { client } = await open([short('data: {"a":1}\n\ndata: {\n\ndata: 2\n\n'), noContent], {
      ...fast,
      parse: (data) => JSON.parse(data),
      onError: (error) => errors.push(error),
    });
    expect(await collect(client)).toEqual([{ a: 1 }, 2]);
    expect(errors).toEqual([expect.objectContaining({ code: "invalid-event", cause: expect.any(SyntaxError) })]);
  });

  it("judges events by their schemas, in order, and gives the invalid to onError", async () => {
    const errors: { code?: string; cause?: { code?: string; cause?: unknown } }[] = [];
    const number: StandardSchema<string, number> = {
      "~standard": {
        version: 1,
        vendor: "test",
        async validate(value) {
          await turn();
          return Number.isNaN(Number(value)) ? { issues: [{ message: "no number" }] } : { value: Number(value) };
        },
      },
    };
    const text: StandardSchema<string> = {
      "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as string }) },
    };
    const server = await ScriptedServer.start(
      short('event: number\ndata: "1"\n\nevent: number\ndata: "x"\n\nevent: text\ndata: "a"\n\ndata: 0\n\n'),
      noContent,
    );
    const client = new EventSourceClient(`${server.origin}/`, {
      ...fast,
      events: defineEvents({ number, text }),
      onError: (error) => errors.push(error as never),
    });
    opened.push(client, server);
    const got: unknown[] = [];
    for await (const event of client) {
      if (event.type === "number") got.push(event.data satisfies number);
      else got.push(event.data satisfies string);
    }
    expect(got).toEqual([1, "a"]);
    expect(errors.map(({ code, cause }) => [code, cause?.code, cause?.cause])).toEqual([
      ["invalid-event", "invalid-event", [{ message: "no number" }]],
      ["invalid-event", "invalid-event", undefined],
    ]);
  });

  it("is typed by a type alone", async () => {
    const { client } = await open<{ tick: { n: number } }>([short('event: tick\ndata: {"n":1}\n\n'), noContent], {
      ...fast,
      events: defineEvents<{ tick: { n: number } }>(),
    });
    const got: number[] = [];
    client.on("tick", ({ data }) => got.push(data.n satisfies number));
    await client.closed;
    expect(got).toEqual([1]);
  });

  it("asks again for an event that was still judged when the connection was lost", async () => {
    let judged = (_value: unknown): void => {};
    let judges = 0;
    const parse = (data: string): unknown =>
      judges++ === 0 ? new Promise((resolve) => (judged = resolve)) : `${data} again`;
    const { client, server } = await open([stream("id: 1\ndata: a\n\n"), short("id: 1\ndata: a\n\n"), noContent], {
      ...fast,
      dedupeWindow: 10,
      parse,
    });
    const got: unknown[] = [];
    client.onAny(({ data }) => got.push(data));
    while (judges === 0) await turn();
    client.reconnect();
    await server.received(2);
    judged("late");
    await client.closed;
    expect(got).toEqual(["a again"]);
    expect(server.requests.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, undefined, "1"]);
  });

  it("drops events that come again after a reconnection", async () => {
    const { client } = await open(
      [short("id: 1\ndata: a\n\nid: 2\ndata: b\n\n"), short("id: 2\ndata: b\n\nid: 3\ndata: c\n\n"), noContent],
      { ...fast, dedupeWindow: 2 },
    );
    expect(await collect(client)).toEqual(["a", "b", "c"]);
  });

  it("drops neither what has no id of its own, nor what came before so many others", async () => {
    const text =
      "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\nid: 3\ndata: d\n\nid: 1\ndata: e\n\nid: 3\ndata: f\n\n";
    const { client } = await open([short(text), noContent], { ...fast, dedupeWindow: 2 });
    expect(await collect(client)).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("has no last event ID when the stream takes it back, though it was resumed", async () => {
    const { client } = await open([stream("id\ndata: a\n\n")], { lastEventId: "5" });
    const event = await new Promise((resolve) => client.on("message", resolve));
    expect(event).toEqual({ type: "message", data: "a", lastEventId: "" });
  });

  it("keeps the last event ID in a store when the loop has handled the event", async () => {
    const kept: string[] = [];
    const store = { get: async () => "5", set: (id: string) => kept.push(id) };
    const { client, server } = await open([stream("id: 6\ndata: a\n\nid: 7\ndata: b\n\n")], { lastEventId: store });
    const events = client[Symbol.asyncIterator]();
    await events.next();
    expect([kept, server.requests[0]?.headers["last-event-id"]]).toEqual([[], "5"]);
    await events.next();
    expect(kept).toEqual(["6"]);
    await events.return?.();
    expect(kept).toEqual(["6", "7"]);
  });

  it("counts an id that comes without an event when the loop has handled what came before it", async () => {
    const { client } = await open([stream("id: 1\ndata: a\n\nid: 2\n\n")]);
    const events = client[Symbol.asyncIterator]();
    await events.next();
    for (let i = 0; i < 5; i++) await turn();
    expect(client.lastEventId).toBe("");
    void events.next();
    while (client.lastEventId !== "2") await turn();
  });

  it("sends the last event ID as a query parameter where it is told to", async () => {
    const { server } = await open([stream("")], { lastEventId: "é 1", lastEventIdParameter: "lastEventId" });
    await server.received(1);
    expect([server.requests[0]?.path, server.requests[0]?.headers["last-event-id"]]).toEqual([
      "/?lastEventId=%C3%A9+1",
      undefined,
    ]);
  });

  it.each([
    ["[DONE]", ["a", "b"]],
    [({ data }: { data: string }) => data === "b", ["a", "b"]],
  ])("ends at %s", async (until, expected) => {
    const { client } = await open([stream("data: a\n\ndata: b\n\ndata: [DONE]\n\ndata: c\n\n")], { until });
    expect(await collect(client)).toEqual(expected);
    expect(client.state.closeReason).toBe("end");
  });

  it("takes no value of the data that ends it", async () => {
    const errors: unknown[] = [];
    const { client } = await open([stream("data: 1\n\ndata: [DONE]\n\n")], {
      until: "[DONE]",
      parse: JSON.parse,
      onError: (error) => errors.push(error),
    });
    expect([await collect(client), errors]).toEqual([[1], []]);
  });

  it("tells the gaps of a hub, and keeps its cursors to itself", async () => {
    const text =
      'event: ssekit.gap\ndata: {"reason":"expired","cursor":"#1","range":{"first":1,"last":2}}\nid: #1\n\n' +
      "event: ssekit.cursor\ndata:\nid: #2\n\n";
    const { client, server } = await open([short(text), noContent], fast);
    const gaps: unknown[] = [];
    const events: unknown[] = [];
    client.onGap((gap) => gaps.push(gap));
    client.onAny((event) => events.push(event));
    await client.closed;
    expect(gaps).toEqual([{ reason: "expired", cursor: "#1", range: { first: 1, last: 2 } }]);
    expect([events, client.lastEventId, server.requests[1]?.headers["last-event-id"]]).toEqual([[], "#2", "#2"]);
  });

  it("takes an event that is too large for final, after those before it", async () => {
    const { client } = await open([stream("data: a\n\ndata: bcdefghijklmnopqrstuvwxyz\n\n")], { maxEventBytes: 16 });
    const events = client[Symbol.asyncIterator]();
    expect((await events.next()).value?.data).toBe("a");
    await expect(events.next()).rejects.toMatchObject({
      code: "connection-failed",
      cause: { code: "event-too-large" },
    });
  });

  it("reconnects at once when it is told to, and leaves the rest of the chunk", async () => {
    const { client, server } = await open([stream("id: 1\ndata: a\n\nid: 2\ndata: b\n\n"), noContent]);
    const got: string[] = [];
    client.on("message", ({ data }) => {
      got.push(data);
      client.reconnect();
    });
    await client.closed;
    expect([got, server.requests[1]?.headers["last-event-id"]]).toEqual([["a"], "1"]);
  });

  it("leaves a chunk that comes when it is told to reconnect", async () => {
    const bodies: ReadableStreamDefaultController<Uint8Array>[] = [];
    const fetch = async (): Promise<Response> =>
      eventStream(new ReadableStream<Uint8Array>({ start: (body) => void bodies.push(body) }));
    const { client } = await open([], { fetch });
    const got: string[] = [];
    client.on("message", ({ data }) => got.push(data));
    client.onComment((comment) => got.push(comment));
    await untilState(client, ({ readyState }) => readyState === 1);
    await turn();
    bodies[0]?.enqueue(new TextEncoder().encode(":early\ndata: early\n\n"));
    client.reconnect();
    while (bodies.length < 2) await turn();
    bodies[1]?.enqueue(new TextEncoder().encode("data: a\n\n"));
    while (!got.includes("a")) await turn();
    expect(got).toEqual(["a"]);
  });

  it("is not opened by an answer that comes late", async () => {
    const answers: ((response: Response) => void)[] = [];
    const { client } = await open([], { fetch: () => new Promise((resolve) => answers.push(resolve)) });
    while (answers.length < 1) await turn();
    client.reconnect();
    while (answers.length < 2) await turn();
    answers[0]?.(eventStream("data: a\n\n"));
    await turn();
    expect(client.readyState).toBe(0);
    client.close();
    answers[1]?.(eventStream("data: a\n\n"));
    await turn();
    expect(client.readyState).toBe(2);
  });
});

async function open<Events extends object = Record<string, string>>(
  scripts: Script[],
  options: EventSourceClientOptions<Events> = {},
): Promise<{ client: EventSourceClient<Events>; server: ScriptedServer }> {
  const server = await ScriptedServer.start(...scripts);
  const client = new EventSourceClient<Events>(`${server.origin}/`, options);
  opened.push(client, server);
  return { client, server };
}

async function collect(client: EventSourceClient): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { data } of client) all.push(data);
  return all;
}

/** Waits for a state, and until what it leads to in the same turn has begun. */
async function untilState(client: EventSourceClient, is: (state: ClientState) => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    if (is(client.state)) resolve();
    client.onState((state) => is(state) && resolve());
  });
  await turn();
}
