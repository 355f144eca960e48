import { describe, expect, it } from "vitest";
import { HandClock } from "../test/hand-clock.ts";
import { collect, fast, open, untilState } from "../test/open-client.ts";
import { eventStream, noContent, short, status, stream, turn } from "../test/scripts.ts";

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

  it("tells a failure to onError where nobody iterates", async () => {
    const errors: unknown[] = [];
    const { client } = await open([status("404 x")], { onError: (error) => errors.push(error) });
    await client.closed;
    expect(errors).toEqual([expect.objectContaining({ code: "connection-failed" })]);
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

  it("sends the last event ID as a query parameter where it is told to", async () => {
    const { server } = await open([stream("")], { lastEventId: "é 1", lastEventIdParameter: "lastEventId" });
    await server.received(1);
    expect([server.requests[0]?.path, server.requests[0]?.headers["last-event-id"]]).toEqual([
      "/?lastEventId=%C3%A9+1",
      undefined,
    ]);
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
