import { describe, expect, it } from "vitest";
import { dataOf, type Node, Nodes, typesOf } from "../test/nodes.ts";
import { createHub } from "./create-hub.ts";
import type { SubscribeOptions } from "./hub.ts";
import { ManualClock } from "./manual-clock.ts";
import { ManualTurns } from "./manual-turns.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink } from "./scripted-sink.ts";

// HUB B7: a policy acts when what is owed, or its age, passes `maxLag`, and in the order of the log.

describe("whenBehind", () => {
  it("catch-up, the default, skips nothing", async () => {
    const { sink, publish, catchUp } = await setUp({ maxLag: { bytes: 0, age: 0 } });
    for (const data of ["1", "2", "3"]) await publish(data);
    expect(await catchUp(sink)).toEqual(["1", "2", "3"]);
  });

  it("skip-to-latest tells a gap and gives the newest match", async () => {
    const { sink, hub, publish, catchUp } = await setUp({ whenBehind: "skip-to-latest", maxLag: { bytes: 100 } });
    for (const data of ["1", "2", "3", "4"]) await publish(data);
    await hub.publish("other", { data: "not for it" });
    const [one, gap, four] = await catchUp(sink);
    expect([one, four]).toEqual(["1", "4"]);
    expect(JSON.parse(gap ?? "")).toMatchObject({ reason: "skipped", range: { first: 2, last: 3 } });
  });

  it("skips nothing that is within maxLag", async () => {
    const { sink, publish, catchUp } = await setUp({ whenBehind: "skip-to-latest" });
    for (const data of ["1", "2", "3", "4"]) await publish(data);
    expect(await catchUp(sink)).toEqual(["1", "2", "3", "4"]);
  });

  it("acts by age too: what is owed since the reader fell behind", async () => {
    const { sink, clock, publish, catchUp } = await setUp({ whenBehind: "skip-to-latest", maxLag: { age: 1000 } });
    for (const data of ["1", "2", "3"]) await publish(data);
    clock.advance(1001);
    expect(await catchUp(sink)).toEqual(["1", expect.stringContaining('"skipped"'), "3"]);
  });

  it.each(["skip-to-latest", "latest-per-key"] as const)(
    "%s leaves alone what has nothing to skip",
    async (whenBehind) => {
      const { sink, hub, publish, catchUp } = await setUp({ whenBehind, maxLag: { bytes: 0 } });
      for (const data of ["taken", "owed"]) await publish(data);
      expect(await catchUp(sink)).toEqual(["taken", "owed"]);
      expect(hub.metrics().lag.acted).toMatchObject({ "skip-to-latest": 0, "latest-per-key": 0 });
    },
  );

  it("skip-to-latest tells no gap for the end of a topic alone, which it heeds", async () => {
    const turns = new ManualTurns();
    const hub = createHub({ scheduler: turns.schedule });
    const sink = new ScriptedSink({ highWaterMark: 1 });
    await hub.subscribe(sink, ["first", "second"], { whenBehind: "skip-to-latest", maxLag: { bytes: 1 } });
    sink.block();
    await hub.publish("second", { data: "1" });
    await turns.end();
    await hub.end("first");
    await hub.publish("second", { data: "2" });
    await turns.end();
    sink.unblock();
    await turns.end();
    expect([dataOf(sink), typesOf(sink).includes("ssekit.gap"), sink.closeReason]).toEqual([
      ["1", "2"],
      false,
      undefined,
    ]);
    await hub.end("second");
    await turns.end();
    expect(sink.closeReason).toBe("end");
  });

  it("counts the age from when the tail moved, for one that was ahead of it until then", async () => {
    const nodes = new Nodes();
    const [first] = nodes.nodes as [Node];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = nodes.start((log) => ({
      ...log,
      async *tail(after, signal) {
        for await (const page of log.tail(after, signal)) {
          await held;
          yield page;
        }
      },
    }));
    await slow.join("other");
    const lastEventId = await first.hub.publish("news", { data: "1" });
    const options = { whenBehind: "skip-to-latest", maxLag: { age: 1000 } } as const;
    const sink = await slow.join("news", options, { lastEventId });
    await nodes.pass(5000);
    for (const data of ["2", "3"]) await first.hub.publish("news", { data });
    release();
    await nodes.turn();
    expect(typesOf(sink)).toEqual(["ssekit.cursor", "message", "message"]);
  });

  it("counts the age from when the node's tail broke, for one that was live until then", async () => {
    // Retention passes this node's tail within a turn, and takes nothing that the reader wants.
    const log = memoryLog({ maxBytes: 1500 });
    const { sink, clock, hub, catchUp } = await setUp({ whenBehind: "skip-to-latest", maxLag: { age: 1000 } }, log);
    sink.unblock();
    clock.advance(1001);
    const others = Array.from({ length: 8 }, (_, index) => hub.publish("other", { data: `${index}` }));
    await Promise.all([...others, hub.publish("news", { data: "1" }), hub.publish("news", { data: "2" })]);
    expect(await catchUp(sink)).toEqual(["1", "2"]);
    expect(hub.metrics().tail.moved).toBe(1);
  });

  it("acts on one that comes back far behind", async () => {
    const { sink, publish, join, catchUp } = await setUp({ whenBehind: "skip-to-latest", maxLag: { bytes: 100 } });
    sink.leave();
    for (const data of ["1", "2", "3", "4"]) await publish(data);
    const back = await join(sink.cursor);
    expect((await catchUp(back)).filter((data) => data !== "").length).toBe(2);
    expect(back.events.map(({ type }) => type)).toEqual(["ssekit.cursor", "ssekit.gap", "message"]);
  });

  it("skip-to-latest heeds the end of a topic that it skips, and closes with the end of the others (RULES B14)", async () => {
    const turns = new ManualTurns();
    const hub = createHub({ scheduler: turns.schedule });
    const sink = new ScriptedSink({ highWaterMark: 1 });
    const options = { whenBehind: "skip-to-latest", maxLag: { bytes: 1 } } as const;
    await hub.subscribe(sink, ["first", "second"], options);
    await turns.end();
    sink.block();
    // The first is in its socket, the others wait.
    await hub.publish("second", { data: "1" });
    await turns.end();
    await hub.publish("second", { data: "2" });
    await hub.end("first");
    await hub.publish("second", { data: "3" });
    await turns.end();
    sink.unblock();
    await turns.end();
    expect(sink.events.map(({ type }) => type)).toEqual(["ssekit.cursor", "message", "ssekit.gap", "message"]);
    expect([sink.events.at(-1)?.data, sink.closeReason]).toEqual(["3", undefined]);
    await hub.end("second");
    await turns.end();
    expect(sink.closeReason).toBe("end");
  });

  it("latest-per-key gives the survivors in the order of the log, and all that have no key, without a gap", async () => {
    const { sink, publish, catchUp } = await setUp({ whenBehind: "latest-per-key", maxLag: { bytes: 100 } });
    await publish("first");
    const updates = [["a1", "a"], ["b1", "b"], ["plain"], ["a2", "a"], ["c1", "c"], ["b2", "b"]] as const;
    for (const [data, key] of updates) await publish(data, key);
    expect(await catchUp(sink)).toEqual(["first", "plain", "a2", "c1", "b2"]);
  });

  it("a reader cut between survivors gets the others when it comes back", async () => {
    const { sink, publish, join, catchUp } = await setUp({ whenBehind: "latest-per-key", maxLag: { bytes: 100 } });
    await publish("first");
    for (const [data, key] of [
      ["a1", "a"],
      ["b1", "b"],
      ["a2", "a"],
    ] as const)
      await publish(`${data}`, key);
    sink.leave(80);
    const back = await join(sink.cursor);
    const all = [...sink.events, ...back.events, ...(await catchUp(back)).map((data) => ({ type: "", data }))];
    expect(all.map(({ data }) => data).filter((data) => data === "a2" || data === "b1").length).toBeGreaterThan(1);
  });

  it("disconnect ends the response of a blocked reader, who resumes without a loss", async () => {
    const { sink, hub, publish, join, catchUp } = await setUp({ whenBehind: "disconnect", maxLag: { bytes: 100 } });
    for (const data of ["1", "2", "3"]) await publish(data);
    expect([sink.closeReason, hub.count()]).toEqual([undefined, 1]);
    for (const data of ["4", "5"]) await publish(data);
    expect([sink.closeReason, hub.count()]).toEqual(["overflow", 0]);
    const back = await join(sink.cursor);
    expect([...sink.events.slice(1).map(({ data }) => data), ...(await catchUp(back))]).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
    ]);
  });

  it.each([
    [{ maxLag: { bytes: -1 } }, RangeError],
    [{ maxLag: { age: Number.NaN } }, RangeError],
    [{ whenBehind: "drop" as "disconnect" }, TypeError],
  ])("refuses %j", async (options, type) => {
    const hub = createHub();
    await expect(hub.subscribe(new ScriptedSink(), "news", options)).rejects.toThrow(type);
    await hub.close();
  });
});

// Helpers

/** A hub with one reader, blocked from its first event on. */
async function setUp(
  options: SubscribeOptions,
  log = memoryLog(),
): Promise<{
  hub: ReturnType<typeof createHub>;
  clock: ManualClock;
  sink: ScriptedSink;
  publish(data: string, key?: string): Promise<void>;
  join(lastEventId: string): Promise<ScriptedSink>;
  catchUp(sink: ScriptedSink): Promise<string[]>;
}> {
  const turns = new ManualTurns();
  const clock = new ManualClock();
  const hub = createHub({ log, scheduler: turns.schedule, clock });
  const join = async (lastEventId?: string): Promise<ScriptedSink> => {
    const sink = new ScriptedSink({ highWaterMark: 1, lastEventId });
    await hub.subscribe(sink, "news", options);
    await turns.end();
    return sink;
  };
  const sink = await join();
  sink.block();
  return {
    hub,
    clock,
    sink,
    join,
    publish: async (data, key) => {
      await hub.publish("news", { data }, key === undefined ? {} : { key });
      await turns.end();
    },
    catchUp: async (of) => {
      of.unblock();
      await turns.end();
      return of.events.filter(({ type }) => type !== "ssekit.cursor").map(({ data }) => data);
    },
  };
}
