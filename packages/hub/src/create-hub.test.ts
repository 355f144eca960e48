import { EventStreamError } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { dataOf, methodsOf } from "../test/nodes.ts";
import { setUp } from "../test/set-up.ts";
import type { EventLog } from "./event-log.ts";
import type { SubscriptionStart } from "./hub.ts";
import { ManualTurns } from "./manual-turns.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink } from "./scripted-sink.ts";

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
    const { join, publish } = setUp({ windowBytes: 1, log: { ...methodsOf(log), read: counting } });
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
    const { hub } = setUp({ log: { ...methodsOf(log), resolve: () => Promise.reject(new Error("away")) } });
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
    const closed = {
      name: EventStreamError.name,
      code: "closed",
      message: expect.stringContaining("create a new one"),
    };
    await expect(hub.subscribe(late, "a")).rejects.toMatchObject(closed);
    await expect(hub.publish("a", { data: "" })).rejects.toMatchObject(closed);
    await expect(hub.cursor()).rejects.toMatchObject(closed);
    expect(late.closeReason).toBe("error");
  });
});
