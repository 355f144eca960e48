import { EventStreamError, encodeEvent, resetLastEventId } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import type { EventLog, Page } from "./event-log.ts";
import type { Hub, HubOptions, SubscriptionStart } from "./hub.ts";
import { ManualTurns } from "./manual-turns.ts";
import { type MemoryLogOptions, memoryLog } from "./memory-log.ts";
import { ScriptedSink, type ScriptedSinkOptions } from "./scripted-sink.ts";

describe("Hub.subscribe()", () => {
  it("holds the head while the cursor is resolved, and writes the first bytes in the turn that lets it go (RULES B12)", async () => {
    const { hub, join } = setUp();
    const sink = new ScriptedSink();
    const seen: unknown[] = [];
    const subscribing = hub.subscribe(sink, "news", { onOpen: () => seen.push(sink.head, sink.writes.length) });
    expect(sink.head).toBe("held");
    await subscribing;
    expect(seen).toEqual(["held", 0]);
    expect([sink.head, sink.writes.length]).toEqual(["open", 1]);
    expect((await join("news")).head).toBe("open");
  });

  it("writes a cursor event with data first, so that a reader of a quiet topic resumes from there (HUB A1)", async () => {
    const { hub, join, publish } = setUp();
    const sink = await join("quiet", { dropsIdOnlyBlocks: true });
    expect(sink.events).toEqual([{ type: "ssekit.cursor", data: "", lastEventId: await hub.cursor() }]);
    sink.leave();
    await publish("quiet", "missed");
    const back = await join("quiet", { lastEventId: sink.cursor });
    expect(dataOf(back)).toEqual(["missed"]);
  });

  it("tells onOpen and the caller where it starts", async () => {
    const { hub } = setUp();
    const id = await hub.publish("news", { data: "one" });
    const starts: SubscriptionStart[] = [];
    const onOpen = (start: SubscriptionStart): number => starts.push(start);
    const fresh = await hub.subscribe(new ScriptedSink(), "news", { onOpen });
    const resumed = await hub.subscribe(new ScriptedSink({ lastEventId: id }), "news", { onOpen });
    const lost = await hub.subscribe(new ScriptedSink({ lastEventId: "7" }), "news", { onOpen });
    expect(starts).toEqual([
      { cursor: id, gap: undefined, requested: undefined },
      { cursor: id, gap: undefined, requested: id },
      { cursor: id, gap: "unknown", requested: "7" },
    ]);
    expect([fresh, resumed, lost]).toMatchObject(starts);
  });

  it("starts from now, from the start, or from a cursor; the sink's own goes before all but a cursor (RULES B35)", async () => {
    const { hub, join, publish } = setUp();
    const one = await publish("news", "one");
    const two = await publish("news", "two");
    const dataFrom = async (from: "now" | "start" | { cursor: string }, lastEventId?: string): Promise<string[]> =>
      dataOf(await join("news", { lastEventId }, { from }));
    expect(await dataFrom("now")).toEqual([]);
    expect(await dataFrom("start")).toEqual(["one", "two"]);
    expect(await dataFrom({ cursor: one })).toEqual(["two"]);
    expect(await dataFrom("start", one)).toEqual(["two"]);
    expect(await dataFrom({ cursor: two }, one)).toEqual([]);
    expect(await dataFrom("now", "earliest")).toEqual(["one", "two"]);
    expect(hub.count()).toBe(6);
  });

  it("goes on after the entry of a cursor, not at it, and by number, not as text (RULES B30, B31)", async () => {
    const { join, publish } = setUp({ windowBytes: 1 });
    const all = Array.from({ length: 12 }, (_, index) => `${index + 1}`);
    const cursors: string[] = [];
    for (const data of all) cursors.push(await publish("news", data));
    for (const [index, lastEventId] of cursors.entries()) {
      expect(dataOf(await join("news", { lastEventId }))).toEqual(all.slice(index + 1));
    }
  });

  it("reads nothing of the log for a cursor that proves nothing (RULES B34)", async () => {
    const log = memoryLog();
    let read = 0;
    const counting: EventLog["read"] = async (after, maxBytes) => {
      const page = await log.read(after, maxBytes);
      read += page.entries.length;
      return page;
    };
    const { join, publish } = setUp({ windowBytes: 1, log: { ...bound(log), read: counting } });
    for (const data of ["1", "2", "3"]) await publish("news", data);
    for (const lastEventId of ["", "nonsense", "#other-1-1", "#other-9-9"]) await join("news", { lastEventId });
    expect(read).toBe(0);
  });

  it("delivers an entry once to a connection that several matchers select (HUB A4)", async () => {
    const { join, publish } = setUp();
    const sink = await join(["a", "b", "/c/1", { pattern: "/c/*" }, { pattern: "*" }]);
    await publish(["a", "b", "/c/1"], "once");
    expect(dataOf(sink)).toEqual(["once"]);
  });

  it("refuses a second subscription of a sink, which would need a second cursor (HUB A4)", async () => {
    const { hub, join } = setUp();
    const sink = await join("a");
    await expect(hub.subscribe(sink, "b")).rejects.toThrow(/one subscription/);
    expect(sink.closeReason).toBeUndefined();
  });

  it.each([[[]], [""], [["a", ""]], ["a\nb"], [{ pattern: "/(a+)+" }], [7 as unknown as string], ["x".repeat(1025)]])(
    "refuses the matchers %j, and leaves the sink as it was",
    async (matchers) => {
      const { hub } = setUp();
      const sink = new ScriptedSink();
      await expect(hub.subscribe(sink, matchers)).rejects.toThrow(TypeError);
      expect([sink.head, sink.closeReason, hub.count()]).toEqual(["new", undefined, 0]);
    },
  );

  it("registers nothing for a sink that has closed, also while its cursor was resolved (RULES B17)", async () => {
    const { hub } = setUp();
    const gone = new ScriptedSink();
    gone.leave();
    await hub.subscribe(gone, "news");
    const going = new ScriptedSink();
    const subscribing = hub.subscribe(going, "news");
    going.leave();
    await subscribing;
    expect([hub.count(), gone.writes, going.writes]).toEqual([0, [], []]);
  });

  it("asks nothing of the log for a sink that has closed, and does not count it", async () => {
    const { hub } = setUp({ log: new Proxy(memoryLog(), { get: (_, name) => expect.unreachable(String(name)) }) });
    const gone = new ScriptedSink();
    gone.leave();
    await hub.drain();
    expect(await hub.subscribe(gone, "news")).toMatchObject({ cursor: "", gap: undefined });
    expect(hub.metrics().connections.refused).toEqual({ limit: 0, draining: 0, forbidden: 0, ended: 0, error: 0 });
    await expect(hub.subscribe(gone, [])).rejects.toThrow(TypeError);
  });

  it("works on a sink whose head has left", async () => {
    const { hub } = setUp();
    const sink = new ScriptedSink();
    sink.open();
    await hub.subscribe(sink, "news");
    expect(sink.events.length).toBe(1);
  });

  it("closes the sink and rejects when the log can't judge the cursor: the reader comes back", async () => {
    const log = memoryLog();
    const { hub } = setUp({ log: { ...bound(log), resolve: () => Promise.reject(new Error("away")) } });
    const sink = new ScriptedSink({ lastEventId: "#a-1-1" });
    await expect(hub.subscribe(sink, "news")).rejects.toThrow("away");
    expect([sink.closeReason, hub.count()]).toEqual(["error", 0]);
  });

  it("contains what onOpen throws (RULES B22)", async () => {
    const { hub, errors } = setUp();
    const sink = new ScriptedSink();
    await hub.subscribe(sink, "news", {
      onOpen: () => {
        throw new Error("hook");
      },
    });
    expect([sink.head, sink.events.length, errors]).toEqual(["open", 1, [new Error("hook")]]);
  });

  it("leaves the hub by close()", async () => {
    const { hub, publish } = setUp();
    const sink = new ScriptedSink();
    const subscription = await hub.subscribe(sink, "news");
    subscription.close();
    await publish("news", "late");
    expect([sink.closeReason, hub.count(), dataOf(sink)]).toEqual(["server", 0, []]);
  });
});

describe("a gap", () => {
  it.each([
    ["", "unknown"],
    ["e-7", "unknown"],
    ["#other-1-1", "foreign"],
    ["#epoch-1-999", "rolled-back"],
    ["#epoch-9-1000", "ahead"],
  ])("for the cursor %j is told as %s, and goes on at the head (RULES B29, HUB B5)", async (cursor, reason) => {
    const { hub, join, publish } = setUp({ log: memoryLog({ epoch: "epoch", clock: () => 1000 }) });
    await publish("news", "before");
    const head = await hub.cursor();
    const sink = await join("news", { lastEventId: cursor });
    expect(sink.events).toEqual([
      { type: "ssekit.gap", data: JSON.stringify({ reason, cursor: head }), lastEventId: head },
    ]);
    await publish("news", "after");
    expect(dataOf(sink)).toEqual(["after"]);
  });

  it("is told once: its id is where delivery goes on (HUB B1)", async () => {
    const { join } = setUp();
    const lost = await join("news", { lastEventId: "lost" });
    const again = await join("news", { lastEventId: lost.cursor });
    expect([typesOf(lost), typesOf(again)]).toEqual([["ssekit.gap"], ["ssekit.cursor"]]);
  });

  it("for an expired cursor goes on at the floor, with the range of what is gone", async () => {
    const { log, join, publish } = setUp({}, { maxBytes: 600 });
    const first = await publish("news", "1");
    for (const data of ["2", "3", "4"]) await publish("news", data);
    const floor = await log.floor();
    const sink = await join("news", { lastEventId: first });
    expect(floor.n).toBe(2);
    expect(sink.events[0]).toEqual({
      type: "ssekit.gap",
      data: JSON.stringify({ reason: "expired", cursor: floor.cursor, range: { first: 2, last: 2 } }),
      lastEventId: floor.cursor,
    });
    expect(dataOf(sink)).toEqual(["3", "4"]);
  });

  it("is not told where the log says that nothing of the topics was removed (HUB B2)", async () => {
    const log = memoryLog({ maxBytes: 600 });
    const { join, publish } = setUp({ log: { ...bound(log), trimmedAfter: async (topics) => topics === undefined } });
    const first = await publish("news", "1");
    for (const data of ["2", "3", "4"]) await publish("other", data);
    expect(typesOf(await join("news", { lastEventId: first }))).not.toContain("ssekit.gap");
    expect(typesOf(await join({ pattern: "/news" }, { lastEventId: first }))).toContain("ssekit.gap");
  });

  it("is told to a blocked reader that retention overtook: overrun, and on at the floor (HUB B3)", async () => {
    const { log, turns, join, publish } = setUp({ windowBytes: 1 }, { maxBytes: 600 });
    const sink = await join("news", { highWaterMark: 1 });
    sink.block();
    for (const data of ["1", "2", "3", "4", "5"]) await publish("news", data);
    const { cursor } = await log.floor();
    sink.unblock();
    await turns.end();
    expect(sink.events.slice(1).map(({ type, data }) => (type === "ssekit.gap" ? JSON.parse(data) : data))).toEqual([
      "1",
      { reason: "overrun", cursor, range: { first: 2, last: 3 } },
      "4",
      "5",
    ]);
  });

  it("is not told to a blocked reader of whom nothing was removed (HUB B3)", async () => {
    const { join, publish } = setUp({ windowBytes: 1 }, { maxBytes: 600 });
    const sink = await join("news", { highWaterMark: 1 });
    sink.block();
    await publish("news", "1");
    for (const data of ["2", "3", "4", "5"]) await publish("other", data);
    sink.unblock();
    await publish("news", "6");
    expect(typesOf(sink)).not.toContain("ssekit.gap");
    expect(dataOf(sink)).toEqual(["1", "6"]);
  });

  it("is not told to a reader whom retention overtook, where the log says that it lost nothing (HUB B2)", async () => {
    const log = memoryLog({ maxBytes: 600 });
    const { turns, join, publish } = setUp({ windowBytes: 1, log: { ...bound(log), trimmedAfter: async () => false } });
    const sink = await join("news", { highWaterMark: 1 });
    sink.block();
    for (const data of ["1", "2", "3", "4", "5"]) await publish("news", data);
    sink.unblock();
    await turns.end();
    expect(typesOf(sink)).not.toContain("ssekit.gap");
    expect(dataOf(sink)).toEqual(["1", "4", "5"]);
  });

  it("is not told for what a blocked reader had been taken past, since it doesn't want it (HUB B3)", async () => {
    const { log, turns, join, publish } = setUp({ windowBytes: 1 }, { maxBytes: 150_000 });
    const sink = await join("news", { highWaterMark: 1 });
    sink.block();
    await publish("news", "1");
    const large = "x".repeat(70_000);
    await publish("news", large);
    for (const topic of ["other", "other", "news"]) await publish(topic, "3");
    sink.unblock();
    sink.block();
    await turns.end();
    // Pushes out all but the last of them.
    await publish("other", "y".repeat(149_330));
    expect((await log.floor()).n).toBe(4);
    sink.unblock();
    await turns.end();
    expect(typesOf(sink)).not.toContain("ssekit.gap");
    expect(dataOf(sink)).toEqual(["1", large, "3"]);
  });

  it("is told to the live when retention passed this node's tail (HUB B4)", async () => {
    const { hub, turns, join } = setUp({}, { maxBytes: 600 });
    const sink = await join("news");
    for (let count = 0; count < 9; count += 1) void hub.publish("news", { data: `${count}` });
    await turns.end();
    expect(typesOf(sink)).toEqual(["ssekit.cursor", "ssekit.gap", "message", "message"]);
    expect(dataOf(sink)).toEqual(["7", "8"]);
  });

  it("is told to all whose place a store has lost, when its tail says so (HUB A3)", async () => {
    const scripted = new RolledBackLog();
    const { turns, join } = setUp({ log: scripted.log });
    const sink = await join("news");
    scripted.rollBack();
    await turns.end();
    expect(sink.events.map(({ type, lastEventId }) => [type, lastEventId])).toEqual([
      ["ssekit.cursor", "#e-5-5"],
      ["ssekit.gap", "#e-3-9"],
    ]);
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

describe("delivery", () => {
  it("gives a turn's events in one write, shared by those with the same list (HUB C2, RULES B47)", async () => {
    const { hub, turns, join } = setUp();
    const [one, other, both] = [await join("a"), await join("a"), await join(["a", "b"])];
    for (const topic of ["a", "b", "a"]) await hub.publish(topic, { data: topic });
    await turns.end();
    expect([one, other, both].map(({ writes }) => writes.length)).toEqual([2, 2, 2]);
    expect([one, both].map(dataOf)).toEqual([
      ["a", "a"],
      ["a", "b", "a"],
    ]);
    expect(one.writes[1]).toBe(other.writes[1]);
    expect(one.writes[1]).not.toBe(both.writes[1]);
  });

  it("shares bytes by the resulting list, not by topics: grants are kept apart (HUB A9)", async () => {
    const { hub, turns, join } = setUp();
    const [open, granted] = [await join("a"), await join("a", {}, { private: true })];
    await hub.publish("a", { data: "secret" }, { private: true });
    await hub.publish("a", { data: "public" });
    await turns.end();
    expect([open, granted].map(dataOf)).toEqual([["public"], ["secret", "public"]]);
  });

  it("filters replay by matchers and grants (RULES B33)", async () => {
    const { hub, join } = setUp({ windowBytes: 1 });
    const start = await hub.cursor();
    await hub.publish("a", { data: "secret" }, { private: true });
    await hub.publish("b", { data: "other" });
    await hub.publish("a", { data: "public" });
    expect(dataOf(await join("a", { lastEventId: start }))).toEqual(["public"]);
    expect(dataOf(await join("a", { lastEventId: start }, { private: true }))).toEqual(["secret", "public"]);
  });

  it("cuts a turn's bytes into writes of at most 64 KiB", async () => {
    const { hub, turns, join } = setUp();
    const sink = await join("a", { highWaterMark: 1e9 });
    for (let count = 0; count < 10; count += 1) await hub.publish("a", { data: `${count}`.repeat(20_000) });
    await hub.publish("a", { data: "x".repeat(100_000) });
    await turns.end();
    const lengths = sink.writes.map(({ length }) => length);
    expect(dataOf(sink).length).toBe(11);
    expect(Math.max(...lengths.slice(0, -1))).toBeLessThanOrEqual(65_536);
    expect(lengths.length).toBe(1 + 4 + 1);
  });

  it("takes a false from write() as accepted, and repeats nothing (RULES B19)", async () => {
    const { join, publish } = setUp();
    const sink = await join("a", { highWaterMark: 1 });
    sink.block();
    for (const data of ["1", "2", "3"]) await publish("a", data);
    expect(sink.writes.length).toBe(2);
    sink.unblock();
    await publish("a", "4");
    expect(dataOf(sink)).toEqual(["1", "2", "3", "4"]);
  });

  it("keeps no queue for a blocked reader: it is brought up to date from the log (RULES B28)", async () => {
    const { join, publish } = setUp({ windowBytes: 1 });
    const sink = await join("a", { highWaterMark: 1 });
    sink.block();
    for (let count = 0; count < 100; count += 1) await publish("a", `${count}`);
    expect(sink.writes.length).toBe(2);
    sink.unblock();
    await publish("b", "");
    expect(dataOf(sink)).toEqual(Array.from({ length: 100 }, (_, count) => `${count}`));
    expect(sink.writes.length).toBeLessThan(6);
  });

  it("loses and repeats nothing between replay and live (RULES B27)", async () => {
    const { hub, turns, join } = setUp({ windowBytes: 1 });
    const start = await hub.cursor();
    for (let count = 0; count < 5; count += 1) void hub.publish("a", { data: `${count}` });
    const joining = join("a", { lastEventId: start });
    for (let count = 5; count < 10; count += 1) void hub.publish("a", { data: `${count}` });
    const sink = await joining;
    await turns.end();
    expect(dataOf(sink)).toEqual(Array.from({ length: 10 }, (_, count) => `${count}`));
  });

  it("waits where a valid cursor is ahead of this node's tail: no gap, no repeat (HUB A2)", async () => {
    const log = memoryLog();
    const slow = new SlowTail(log);
    const { hub, turns, join } = setUp({ log: slow.log });
    await join("a");
    const one = await hub.publish("a", { data: "1" });
    const two = await hub.publish("a", { data: "2" });
    const [behind, ahead] = [await join("a", { lastEventId: one }), await join("a", { lastEventId: two })];
    await hub.publish("a", { data: "3" });
    slow.go();
    await turns.end();
    expect([behind, ahead].map(dataOf)).toEqual([["2", "3"], ["3"]]);
    expect([...typesOf(behind), ...typesOf(ahead)]).not.toContain("ssekit.gap");
  });

  it("gives a cursor event after a catch-up whose end matched nothing, and at a heartbeat when the place has moved", async () => {
    const { hub, turns, join, publish } = setUp();
    const start = await hub.cursor();
    await publish("a", "1");
    const other = await publish("b", "2");
    const sink = await join("a", { lastEventId: start });
    expect(sink.events.map(({ type, lastEventId }) => [type, lastEventId === other])).toEqual([
      ["ssekit.cursor", false],
      ["message", false],
      ["ssekit.cursor", true],
    ]);
    expect(sink.beat()).toBeUndefined();
    const later = await publish("b", "3");
    const fellow = await join("z", { lastEventId: other });
    const [bytes] = [sink.beat(), fellow.beat()];
    expect([sink.cursor, fellow.cursor]).toEqual([later, later]);
    expect(bytes).toEqual(encodeEvent({ event: "ssekit.cursor", data: "", id: later }));
    expect(sink.beat()).toBeUndefined();
    await turns.end();
  });

  it("goes on when subscribers leave, come and throw while it writes (RULES B22, B23)", async () => {
    const { hub, turns, join, errors } = setUp();
    const sinks = [await join("a"), await join("a"), await join("a")] as const;
    const [thrower, leaver, last] = sinks;
    thrower.write = () => {
      leaver.leave();
      throw new Error("sink");
    };
    await hub.publish("a", { data: "1" });
    await turns.end();
    expect([dataOf(leaver), dataOf(last), hub.count()]).toEqual([[], ["1"], 1]);
    expect([errors, thrower.closeReason]).toEqual([[new Error("sink")], "error"]);
  });

  it("closes a reader whose page can't be read: it comes back to where it was", async () => {
    const log = memoryLog();
    const { hub, join, publish, errors } = setUp({
      windowBytes: 1,
      log: { ...bound(log), read: () => Promise.reject(new Error("away")) },
    });
    const start = await hub.cursor();
    const live = await join("a");
    await publish("a", "1");
    await publish("a", "2");
    const sink = await join("a", { lastEventId: start });
    expect([sink.closeReason, errors, sink.cursor]).toEqual(["error", [new Error("away")], start]);
    expect([live.closeReason, dataOf(live)]).toEqual([undefined, ["1", "2"]]);
  });

  it("follows the log once, however many read however many topics (RULES B40)", async () => {
    const log = memoryLog();
    let tails = 0;
    const tail: EventLog["tail"] = (after, signal) => {
      tails += 1;
      return log.tail(after, signal);
    };
    const { hub, turns, publish } = setUp({ log: { ...bound(log), tail } });
    const sinks = Array.from({ length: 50 }, () => new ScriptedSink());
    await Promise.all(sinks.map((sink, index) => hub.subscribe(sink, [`${index % 10}`, "all"])));
    await turns.end();
    await publish("all", "1");
    expect([sinks.flatMap(dataOf).length, tails]).toEqual([50, 1]);
  });

  it("closes all when the tail is lost, rather than stay deaf, and follows again (RULES B39)", async () => {
    const log = memoryLog();
    let fails = true;
    const tail: EventLog["tail"] = async function* (after, signal): AsyncGenerator<Page> {
      for await (const page of log.tail(after, signal)) {
        if (fails) throw new Error("deaf");
        yield page;
      }
    };
    const { join, publish, errors } = setUp({ log: { ...bound(log), tail } });
    const sink = await join("a");
    await publish("a", "1");
    expect([sink.closeReason, errors]).toEqual(["error", [new Error("deaf")]]);
    fails = false;
    const back = await join("a", { lastEventId: sink.cursor });
    await publish("a", "2");
    expect(dataOf(back)).toEqual(["1", "2"]);
  });

  it("takes a hole in a batch for a loss that the driver has not noticed (HUB B4)", async () => {
    const log = memoryLog();
    const tail: EventLog["tail"] = async function* (after, signal): AsyncGenerator<Page> {
      for await (const page of log.tail(after, signal)) yield { ...page, entries: page.entries.slice(1) };
    };
    const { hub, turns, join, errors } = setUp({ log: { ...bound(log), tail } });
    const sink = await join("a");
    void hub.publish("a", { data: "1" });
    void hub.publish("a", { data: "2" });
    await turns.end();
    expect([sink.closeReason, String(errors[0])]).toEqual(["error", expect.stringMatching(/entry 2 .* after 0/)]);
  });
});

describe("Hub.count()", () => {
  it("counts connections: all, of topics, of users", async () => {
    const { hub, join } = setUp();
    const [ann] = [await join("a", {}, { user: "ann" }), await join(["a", "b"]), await join({ pattern: "/a" })];
    expect(
      [undefined, "a", "b", "c", ["b", "c"], { user: "ann" }, { user: "a" }].map((target) => hub.count(target)),
    ).toEqual([3, 3, 1, 0, 1, 1, 0]);
    ann.leave();
    expect([hub.count(), hub.count({ user: "ann" })]).toEqual([2, 0]);
  });
});

describe("Hub.close()", () => {
  it("delivers what has arrived, ends all, and refuses what comes", async () => {
    const { hub, join } = setUp();
    const sink = await join("a");
    await hub.publish("a", { data: "last" });
    await new ManualTurns().end();
    await hub.close();
    await hub.close();
    expect([dataOf(sink), sink.closeReason]).toEqual([["last"], "server"]);
    const late = new ScriptedSink();
    const closed = { name: EventStreamError.name, code: "closed" };
    await expect(hub.subscribe(late, "a")).rejects.toMatchObject(closed);
    await expect(hub.publish("a", { data: "" })).rejects.toMatchObject(closed);
    await expect(hub.cursor()).rejects.toMatchObject(closed);
    expect(late.closeReason).toBe("error");
  });
});

// Helpers

interface SetUp {
  readonly hub: Hub;
  readonly log: EventLog;
  readonly turns: ManualTurns;
  readonly errors: unknown[];
  join(
    matchers: Parameters<Hub["subscribe"]>[1],
    sink?: ScriptedSinkOptions,
    options?: Parameters<Hub["subscribe"]>[2],
  ): Promise<ScriptedSink>;
  publish(target: string | readonly string[], data: string): Promise<string>;
}

function setUp(options: HubOptions = {}, logOptions: MemoryLogOptions = {}): SetUp {
  const turns = new ManualTurns();
  const errors: unknown[] = [];
  const log = options.log ?? memoryLog(logOptions);
  const hub = createHub({ scheduler: turns.schedule, onError: (error) => errors.push(error), ...options, log });
  return {
    hub,
    log,
    turns,
    errors,
    join: async (matchers, sinkOptions, subscribeOptions) => {
      const sink = new ScriptedSink(sinkOptions);
      await hub.subscribe(sink, matchers, subscribeOptions);
      await turns.end();
      return sink;
    },
    publish: async (target, data) => {
      const id = await hub.publish(target, { data });
      await turns.end();
      return id;
    },
  };
}

/** The log's methods as plain functions, so that one can be replaced. */
function bound(log: EventLog): EventLog {
  return {
    append: (entries) => log.append(entries),
    head: () => log.head(),
    floor: () => log.floor(),
    resolve: (cursor) => log.resolve(cursor),
    find: (id) => log.find(id),
    ends: (topics) => log.ends(topics),
    read: (after, maxBytes) => log.read(after, maxBytes),
    tail: (after, signal) => log.tail(after, signal),
    trimmedAfter: (topics, cursor) => log.trimmedAfter(topics, cursor),
    companion: (name, retention) => log.companion(name, retention),
    close: () => log.close(),
  };
}

/** A node whose tail is behind the store. */
class SlowTail {
  readonly log: EventLog;
  go: () => void = () => {};

  constructor(log: EventLog) {
    const gate = new Promise<void>((resolve) => {
      this.go = resolve;
    });
    const tail: EventLog["tail"] = async function* (after, signal): AsyncGenerator<Page> {
      await gate;
      yield* log.tail(after, signal);
    };
    this.log = { ...bound(log), tail };
  }
}

/** A store that comes back as an older copy of itself: what it had after 3 is gone. */
class RolledBackLog {
  readonly log: EventLog;
  rollBack: () => void = () => {};

  constructor() {
    const old = { n: 5, cursor: "#e-5-5" };
    const now = { n: 3, cursor: "#e-3-9" };
    const page: Page = { after: now, entries: [], next: now, gap: "rolled-back" };
    const rolledBack = new Promise<void>((resolve) => {
      this.rollBack = resolve;
    });
    const tail: EventLog["tail"] = async function* (_, signal): AsyncGenerator<Page> {
      await rolledBack;
      yield page;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    this.log = { ...bound(memoryLog()), head: async () => old, read: async () => page, tail };
  }
}

function typesOf(sink: ScriptedSink): string[] {
  return sink.events.map(({ type }) => type);
}

/** The data of what was published. */
function dataOf(sink: ScriptedSink): string[] {
  return sink.events.filter(({ type }) => !type.startsWith("ssekit.")).map(({ data }) => data);
}
