import { resetLastEventId } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { dataOf, typesOf } from "../test/nodes.ts";
import { setUp } from "../test/set-up.ts";
import { createHub } from "./create-hub.ts";
import { ManualTurns } from "./manual-turns.ts";
import { ScriptedSink } from "./scripted-sink.ts";

describe("Hub.publish()", () => {
  it("writes strings as they are, and any other data as JSON", async () => {
    const { hub, turns, join } = setUp();
    const sink = await join("news");
    for (const data of ["text", { a: 1 }, 7, null, false]) await hub.publish("news", { data });
    await turns.end();
    expect(dataOf(sink)).toEqual(["text", '{"a":1}', "7", "null", "false"]);
  });

  it.each([
    [{ event: "ssekit.cursor", data: "" }, /hub's own/],
    [{ data: "", id: "#1" }, /hub's own/],
    [{ data: "", id: "earliest" }, /hub's own/],
    [{ data: "", id: resetLastEventId }, /give a string/],
    [{ data: "", id: "a\nb" }, /LF/],
    [{ data: "", id: "a\0" }, /NUL/],
    [{ data: "", event: "a\rb" }, /CR/],
    [{ data: "", retry: -1 }, /retry/],
    [{ data: () => 1 }, /JSON/],
    [{}, /any field/],
    [{ event: "a" }, /never fire/],
    [{ data: "", topic: "a" }, /field/],
  ])("refuses %o before it enters the log (RULES B1, B2, B3)", async (event, problem) => {
    const { hub } = setUp();
    const before = await hub.cursor();
    await expect(hub.publish("news", event as { data: string })).rejects.toThrow(problem as RegExp);
    expect(await hub.cursor()).toBe(before);
  });

  it.each([[[]], [""], [{ user: "" }], ["a\0b"], [["a", 7]]])("refuses the target %j", async (target) => {
    const { hub } = setUp();
    await expect(hub.publish(target as string, { data: "" })).rejects.toThrow(TypeError);
  });

  it("reaches a user's connections, and no pattern", async () => {
    const { hub, turns, join } = setUp();
    const ann = await join("news", {}, { user: "ann" });
    const bob = await join([], {}, { user: "bob" });
    const all = await join({ pattern: "*" });
    await hub.publish({ user: "ann" }, { data: "hello" });
    await turns.end();
    expect([ann, bob, all].map(dataOf)).toEqual([["hello"], [], []]);
    expect(dataOf(await join([], { lastEventId: bob.cursor }, { user: "ann" }))).toEqual(["hello"]);
  });

  it("reports a rejection that nobody awaits, and leaves none unhandled; an awaited one is the caller's", async () => {
    const { hub, turns, errors } = setUp();
    void hub.publish("", { data: "" });
    await turns.end();
    expect(errors).toMatchObject([{ name: "TypeError" }]);
    await expect(hub.publish("", { data: "" })).rejects.toThrow(TypeError);
    const later = hub.publish("", { data: "" }).catch((error: Error) => error.name);
    await turns.end();
    expect([await later, errors.length]).toEqual(["TypeError", 1]);
  });

  it("survives an onError that throws", async () => {
    const turns = new ManualTurns();
    const onError = (): never => {
      throw new Error("from onError");
    };
    const hub = createHub({ scheduler: turns.schedule, onError });
    void hub.publish("", { data: "" });
    await turns.end();
    expect(hub.count()).toBe(0);
    await hub.close();
  });

  it("lets delivery happen though a publisher never leaves its turn", async () => {
    const hub = createHub();
    const sink = new ScriptedSink();
    await hub.subscribe(sink, "news");
    const data = "x".repeat(100_000);
    for (let count = 0; count < 20; count += 1) await hub.publish("news", { data });
    expect(dataOf(sink).length).toBeGreaterThan(8);
    await hub.close();
  });
});

describe("ids", () => {
  it("are cursors, the last field of their block (HUB A10)", async () => {
    const { join, publish } = setUp();
    const sink = await join("news");
    const id = await publish("news", "two\nlines");
    expect(id).toMatch(/^#[0-9a-z]{12}-1-\d+$/);
    expect(sink.text.endsWith(`data: two\ndata: lines\nid: ${id}\n\n`)).toBe(true);
  });

  it("are left out where a block has no data, for Firefox and WebKit would lose them (HUB A1)", async () => {
    const { hub, turns, join } = setUp();
    const sink = await join("news");
    const id = await hub.publish("news", { comment: "hello", retry: 7 });
    await turns.end();
    expect(sink.text.endsWith(": hello\nretry: 7\n\n")).toBe(true);
    sink.beat();
    expect(sink.cursor).toBe(id);
  });

  it("by the publisher: on the wire, in the answer, and resolved to their cursor (HUB B5)", async () => {
    const { hub, turns, join } = setUp({ ids: "publisher" });
    const sink = await join("news");
    expect(await hub.publish("news", { data: "1", id: "urn:1" })).toBe("urn:1");
    const made = await hub.publish("news", { data: "2" });
    await turns.end();
    expect(sink.events.slice(1).map(({ lastEventId }) => lastEventId)).toEqual(["urn:1", made]);
    expect(made.startsWith("#")).toBe(true);
    expect(dataOf(await join("news", { lastEventId: "urn:1" }))).toEqual(["2"]);
    expect(dataOf(await join("news", { lastEventId: made }))).toEqual([]);
    expect(typesOf(await join("news", { lastEventId: "urn:other" }))).toEqual(["ssekit.gap"]);
  });

  it("by the publisher never show those of entries that a reader may not read (RULES B33)", async () => {
    const { hub, turns, join } = setUp({ ids: "publisher" });
    const sink = await join("news");
    await hub.publish("news", { data: "secret", id: "urn:secret" }, { private: true });
    await turns.end();
    sink.beat();
    const fresh = await join("news");
    expect(sink.text + fresh.text).not.toContain("secret");
    expect(sink.cursor).toBe(fresh.cursor);
  });

  it("of events make publishing idempotent; on the wire they are never the id (HUB B5, RULES B38)", async () => {
    const { hub, turns, join } = setUp();
    const sink = await join("news");
    const first = await hub.publish("news", { data: { a: 1 }, id: "k" });
    expect(await hub.publish("news", { data: '{"a":1}', id: "k" })).toBe(first);
    await expect(hub.publish("news", { data: "other", id: "k" })).rejects.toMatchObject({ code: "id-conflict" });
    await turns.end();
    expect(sink.events.slice(1)).toEqual([{ type: "message", data: '{"a":1}', lastEventId: first }]);
  });
});
