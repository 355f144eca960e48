import { describe, expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import type { EventLog } from "./event-log.ts";
import type { Hub, HubOptions, SubscribeOptions } from "./hub.ts";
import { ManualClock } from "./manual-clock.ts";
import { ManualTurns } from "./manual-turns.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink, type ScriptedSinkOptions } from "./scripted-sink.ts";

describe("Hub.metrics()", () => {
  it("is plain data, and of that moment", async () => {
    const { hub, join, publish } = setUp();
    const before = hub.metrics();
    const copy: unknown = JSON.parse(JSON.stringify(before));
    const sink = await join();
    await publish("one");
    sink.leave();
    await join({}, { authorize: () => undefined });
    expect(before).toEqual(copy);
    expect(hub.metrics()).toEqual(structuredClone(hub.metrics()));
  });

  it("counts each delivery, write and byte that a sink took, and the hub's own events as bytes alone", async () => {
    const { hub, turns, join, publish } = setUp();
    const sinks = [await join(), await join()];
    await join({}, { matchers: "other" });
    void hub.publish("news", { data: "one" });
    await publish("two");
    expect(hub.metrics().delivered).toEqual({ events: 4, writes: 5, bytes: expect.any(Number) });
    const written = (): number => sinks.reduce((sum, { text }) => sum + text.length, 0);
    const { bytes } = hub.metrics().delivered;
    const other = bytes - written();
    await hub.publish("news", { data: "three" });
    await turns.end();
    expect(hub.metrics().delivered.bytes - written()).toBe(other);
  });

  it("counts what a blocked reader is given when it is given it: by the catch-up too", async () => {
    const { hub, turns, join, publish } = setUp();
    const sink = await join({ highWaterMark: 1 });
    sink.block();
    for (const data of ["1", "2", "3"]) await publish(data);
    expect(hub.metrics().delivered.events).toBe(1);
    sink.unblock();
    await turns.end();
    expect(hub.metrics().delivered.events).toBe(3);
  });

  it("tells who is live, behind and since when, until it has caught up", async () => {
    const { hub, clock, turns, join, publish } = setUp();
    await join();
    const slow = await join({ highWaterMark: 1 });
    clock.advance(5000);
    slow.block();
    await publish("taken");
    expect([hub.metrics().connections, hub.metrics().lag.oldest]).toMatchObject([{ live: 2, behind: 0 }, 0]);
    await publish("owed");
    clock.advance(700);
    expect([hub.metrics().connections, hub.metrics().lag.oldest]).toMatchObject([{ live: 1, behind: 1 }, 700]);
    slow.unblock();
    await turns.end();
    expect([hub.metrics().connections, hub.metrics().lag.oldest]).toMatchObject([{ live: 2, behind: 0 }, 0]);
  });

  it("tells who is ahead of a node that has not heard it yet (HUB A2)", async () => {
    const log = memoryLog();
    const deaf: EventLog["tail"] = async function* (_, signal) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    const { hub, join } = setUp({ log: withMethods(log, { tail: deaf }) });
    await join();
    await join({ lastEventId: await hub.publish("news", { data: "elsewhere" }) });
    expect(hub.metrics()).toMatchObject({ connections: { live: 1, behind: 0, ahead: 1 }, lag: { oldest: 0 } });
  });

  it("counts ways to write by what each sink says", async () => {
    const { hub, join } = setUp();
    for (const path of ["socket", "socket", "response", undefined] as const) await join({}, { path });
    expect(hub.metrics().connections.writePaths).toEqual({ socket: 2, response: 1, other: 1 });
  });

  it("counts who was opened and who closed, by the sink's reason", async () => {
    const { hub, turns, join } = setUp();
    const [left, aged, odd] = [await join(), await join(), await join()];
    const put = await join({}, { user: "ann" });
    left.leave();
    aged.close("age");
    odd.close("constructor");
    await hub.disconnect({ user: "ann" });
    await turns.end();
    expect(put.closeReason).toBe("revoked");
    const { opened, closed } = hub.metrics().connections;
    expect([opened, nonZero(closed)]).toEqual([4, { client: 1, age: 1, other: 1, revoked: 1 }]);
  });

  it("counts one that ends as it opens, and none that left before", async () => {
    const { hub, turns, join } = setUp();
    const gone = new ScriptedSink();
    gone.leave();
    await hub.subscribe(gone, "news");
    await hub.end("news");
    await turns.end();
    await join({ lastEventId: "lost" });
    const { opened, closed, refused } = hub.metrics().connections;
    expect([opened, nonZero(closed), nonZero(refused)]).toEqual([1, { end: 1 }, {}]);
  });

  it("counts refusals by reason", async () => {
    const log = memoryLog();
    const broken = withMethods(log, { resolve: () => Promise.reject(new Error("away")) });
    const { hub, turns, join } = setUp({ limits: { perUser: 1 }, log: broken });
    await join({}, { user: "ann" });
    await join({}, { user: "ann" });
    await join({}, { authorize: () => undefined });
    await hub.end("over");
    await turns.end();
    await join({}, { matchers: "over" });
    await expect(join({ lastEventId: "#e-1-1" })).rejects.toThrow("away");
    void hub.drain();
    await join();
    const { opened, refused } = hub.metrics().connections;
    expect([opened, refused]).toEqual([1, { limit: 1, draining: 1, forbidden: 1, ended: 1, error: 1 }]);
  });

  it("counts what the log answered, and how long it took", async () => {
    const { clock, ...given } = { clock: new ManualClock(), log: memoryLog() };
    let isAway = false;
    const append: EventLog["append"] = async (entries) => {
      clock.advance(7);
      if (isAway) throw new Error("away");
      return given.log.append(entries);
    };
    const { hub } = setUp({ clock, log: withMethods(given.log, { append }) });
    await hub.publish("news", { data: "one", id: "1" });
    await hub.publish("news", { data: "one", id: "1" });
    await expect(hub.publish("news", { data: "two", id: "1" })).rejects.toThrow(/another event/);
    await hub.end("news");
    await expect(hub.publish("news", { data: "late" })).rejects.toThrow(/ended/);
    isAway = true;
    await expect(hub.publish("other", { data: "lost" })).rejects.toThrow("away");
    const { entries, latency } = hub.metrics().published;
    expect(entries).toEqual({ appended: 2, repeated: 1, conflict: 1, ended: 1, failed: 1 });
    expect([latency.count, latency.sum, latency.counts[latency.bounds.indexOf(10)]]).toEqual([5, 35, 5]);
  });

  it("counts gaps by reason, wherever they are told", async () => {
    const { hub, turns, join, publish } = setUp({ windowBytes: 1, log: memoryLog({ maxBytes: 600 }) });
    await join({ lastEventId: "lost" });
    const slow = await join({ highWaterMark: 1 });
    const behind = await join({ highWaterMark: 1 }, { whenBehind: "skip-to-latest", maxLag: { bytes: 0 } });
    for (const sink of [slow, behind]) sink.block();
    for (const data of ["1", "2", "3"]) await publish(data);
    behind.unblock();
    await turns.end();
    for (const data of ["4", "5", "6"]) await publish(data);
    slow.unblock();
    await turns.end();
    expect(nonZero(hub.metrics().gaps)).toEqual({ unknown: 1, overrun: 1, skipped: 1 });
  });

  it("counts the acts of lag policies, and the events that one skips", async () => {
    const { hub, turns, join } = setUp();
    const policies = ["skip-to-latest", "latest-per-key", "disconnect"] as const;
    const sinks: ScriptedSink[] = [];
    for (const whenBehind of policies)
      sinks.push(await join({ highWaterMark: 1 }, { whenBehind, maxLag: { bytes: 0 } }));
    for (const sink of sinks) sink.block();
    for (const data of ["taken", "2", "3", "4"]) {
      await hub.publish("news", { data }, { key: "price" });
      await turns.end();
    }
    for (const sink of sinks) sink.unblock();
    await turns.end();
    expect(hub.metrics().lag).toEqual({
      oldest: 0,
      acted: { "skip-to-latest": 1, "latest-per-key": 1, disconnect: 1 },
      skipped: 2,
    });
  });

  it("counts how far back each connection begins, in entries", async () => {
    const { hub, join, publish } = setUp();
    await join();
    const first = await publish("1");
    for (const data of ["2", "3"]) await publish(data);
    await join({ lastEventId: first });
    await join({}, { from: "start" });
    const { bounds, counts, count, sum } = hub.metrics().connections.replayDepth;
    expect([count, sum, counts[bounds.indexOf(0)], counts[bounds.indexOf(10)]]).toEqual([3, 5, 1, 2]);
  });

  it("counts each time that the tail was lost", async () => {
    const { hub, turns, join } = setUp({
      log: withMethods(memoryLog(), {
        // biome-ignore lint/correctness/useYield: it fails before it gives anything
        async *tail() {
          throw new Error("away");
        },
      }),
    });
    await join();
    await turns.end();
    expect(hub.metrics()).toMatchObject({
      tail: { lost: 1, moved: 0 },
      connections: { live: 0, closed: { error: 1 } },
    });
  });

  it("counts each time that the log went on elsewhere", async () => {
    const log = memoryLog({ maxBytes: 600 });
    const { hub, turns, join } = setUp({ log });
    await join();
    await Promise.all(["1", "2", "3", "4"].map((data) => hub.publish("news", { data })));
    await turns.end();
    expect(hub.metrics()).toMatchObject({ tail: { lost: 0, moved: 1 }, gaps: { overrun: 1 } });
  });

  it("is still told after close()", async () => {
    const { hub, join } = setUp();
    await join();
    await hub.close();
    expect(hub.metrics().connections).toMatchObject({ live: 0, opened: 1, closed: { server: 1 } });
  });
});

// Helpers

type JoinOptions = SubscribeOptions & { matchers?: string; path?: "socket" | "response" | undefined };

function setUp(options: HubOptions = {}): {
  hub: Hub;
  clock: ManualClock;
  turns: ManualTurns;
  join(sink?: ScriptedSinkOptions, options?: JoinOptions): Promise<ScriptedSink>;
  publish(data: string): Promise<string>;
} {
  const turns = new ManualTurns();
  const clock = new ManualClock();
  const hub = createHub({ scheduler: turns.schedule, clock, onError: () => {}, ...options });
  return {
    hub,
    clock,
    turns,
    join: async (given, { matchers = "news", path, ...rest } = {}) => {
      const sink = Object.assign(new ScriptedSink(given), path === undefined ? {} : { writePath: path });
      await hub.subscribe(sink, matchers, rest);
      await turns.end();
      return sink;
    },
    publish: async (data) => {
      const id = await hub.publish("news", { data });
      await turns.end();
      return id;
    },
  };
}

/** A log with some methods replaced. */
function withMethods(log: EventLog, methods: Partial<EventLog>): EventLog {
  return new Proxy(log, {
    get: (target, name: keyof EventLog) => methods[name] ?? (target[name] as () => unknown).bind(target),
  });
}

function nonZero(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
