import type { ScriptedConnection } from "testing";
import { describe, expect, it } from "vitest";
import { fast, open, untilState } from "../test/open-client.ts";
import { eventStream, noContent, short, stream, turn } from "../test/scripts.ts";

describe("EventSourceClient", () => {
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
});
