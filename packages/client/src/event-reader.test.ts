import { defineEvents, type StandardSchema } from "@ssekit/codec";
import { ScriptedServer } from "testing";
import { describe, expect, it } from "vitest";
import { collect, fast, open } from "../test/open-client.ts";
import { opened } from "../test/opened.ts";
import { noContent, short, stream, turn } from "../test/scripts.ts";
import { EventSourceClient } from "./event-source-client.ts";

describe("EventSourceClient", () => {
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
});
