import { defineEvents } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import { ScriptedSink } from "./scripted-sink.ts";

const text = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value: unknown) =>
      typeof value === "string" ? { value } : { issues: [{ message: "not a string", path: [] }] },
  },
} as const;

describe("createHub({ events })", () => {
  it("takes what its contract defines, by type and by schema, and nothing else", async () => {
    const hub = createHub({ events: defineEvents({ note: text }) });
    const before = await hub.cursor();
    await expect(hub.publish("a", { event: "note", data: 7 })).rejects.toMatchObject({
      code: "invalid-event",
      cause: [{ message: "not a string", path: [] }],
    });
    // @ts-expect-error it is not defined
    await expect(hub.publish("a", { event: "other", data: "x" })).rejects.toMatchObject({ code: "invalid-event" });
    // @ts-expect-error nor is a message
    await expect(hub.publish("a", { data: "x" })).rejects.toMatchObject({ code: "invalid-event" });
    async function* source(): AsyncGenerator<{ event: "note"; data: unknown }> {
      yield { event: "note", data: 7 };
    }
    await expect(hub.publishAll("b", source())).rejects.toMatchObject({ code: "invalid-event" });
    expect(await hub.cursor()).not.toBe(before);
    await hub.close();
  });

  it("writes all data as JSON, strings too, so that the reader can parse it", async () => {
    const hub = createHub({ events: defineEvents<{ message: string; order: { id: number } }>() });
    const sink = new ScriptedSink();
    await hub.subscribe(sink, "a");
    await hub.publish("a", { data: "text" });
    await hub.publish("a", { event: "order", data: { id: 7 }, id: "urn:7" });
    // @ts-expect-error an order has a number
    void hub.publish("a", { event: "order", data: { id: "7" } });
    await hub.close();
    expect(sink.events.slice(1, 3).map(({ type, data }) => [type, data])).toEqual([
      ["message", '"text"'],
      ["order", '{"id":7}'],
    ]);
  });

  it("waits for an asynchronous schema", async () => {
    const validate = async (value: unknown): Promise<object> =>
      value === "yes" ? { value } : { issues: [{ message: "no" }] };
    const events = defineEvents({ note: { "~standard": { version: 1, vendor: "test", validate } } as never });
    const hub = createHub({ events });
    await hub.publish("a", { event: "note", data: "yes" } as never);
    await expect(hub.publish("a", { event: "note", data: "no" } as never)).rejects.toThrow("no");
    await hub.close();
  });
});
