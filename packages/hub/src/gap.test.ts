import { describe, expect, it } from "vitest";
import { dataOf, methodsOf, typesOf } from "../test/nodes.ts";
import { setUp } from "../test/set-up.ts";
import type { EventLog, Page } from "./event-log.ts";
import { memoryLog } from "./memory-log.ts";

describe("a gap", () => {
  it.each([
    ["", "unknown", ""],
    ["e-7", "unknown", ""],
    ["#epoch-1-1000~", "unknown", ""],
    ["#epoch-1-1000~1\n", "unknown", ""],
    ["#epoch-1-1000~12345678", "unknown", ""],
    ["#other-1-1", "foreign", ""],
    ["#epoch-1-999", "rolled-back", "~13zuacp"],
    ["#epoch-9-1000", "ahead", "~dn9ch9"],
  ])("for the cursor %j is told as %s, and goes on at the head (RULES B29, HUB B5)", async (cursor, reason, mark) => {
    const { hub, join, publish } = setUp({ log: memoryLog({ epoch: "epoch", clock: () => 1000 }) });
    await publish("news", "before");
    const head = (await hub.cursor()) + mark;
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
    const { join, publish } = setUp({
      log: { ...methodsOf(log), trimmedAfter: async (topics) => topics === undefined },
    });
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
    const { turns, join, publish } = setUp({
      windowBytes: 1,
      log: { ...methodsOf(log), trimmedAfter: async () => false },
    });
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
      ["ssekit.gap", "#e-3-9~1ag48ep"],
    ]);
  });
});

// Helpers

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
    this.log = { ...methodsOf(memoryLog()), head: async () => old, read: async () => page, tail };
  }
}
