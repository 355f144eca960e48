import { encodeEvent } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { dataOf, methodsOf, typesOf } from "../test/nodes.ts";
import { setUp } from "../test/set-up.ts";
import { createHub } from "./create-hub.ts";
import type { EventLog, Page } from "./event-log.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink } from "./scripted-sink.ts";

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

  it("loses and repeats nothing, at whatever step of a catch-up a turn ends (RULES B27)", async () => {
    for (let steps = 0; steps < 80; steps += 1) {
      const due: (() => void)[] = [];
      const endTurn = (): void => {
        for (const work of due.splice(0)) work();
      };
      const take = async (count: number): Promise<void> => {
        for (let step = 0; step < count; step += 1) await undefined;
      };
      const hub = createHub({ scheduler: (work) => due.push(work), windowBytes: 1 });
      const start = await hub.cursor();
      await hub.subscribe(new ScriptedSink(), "a");
      void hub.publish("a", { data: "1" });
      await take(100);
      endTurn();
      const sink = new ScriptedSink({ lastEventId: start });
      void hub.subscribe(sink, "a");
      void hub.publish("a", { data: "2" });
      await take(steps);
      endTurn();
      await take(100);
      endTurn();
      await take(100);
      expect([steps, dataOf(sink)]).toEqual([steps, ["1", "2"]]);
      await hub.close();
    }
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
      log: { ...methodsOf(log), read: () => Promise.reject(new Error("away")) },
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
    const { hub, turns, publish } = setUp({ log: { ...methodsOf(log), tail } });
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
    const { join, publish, errors } = setUp({ log: { ...methodsOf(log), tail } });
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
    const { hub, turns, join, errors } = setUp({ log: { ...methodsOf(log), tail } });
    const sink = await join("a");
    void hub.publish("a", { data: "1" });
    void hub.publish("a", { data: "2" });
    await turns.end();
    expect([sink.closeReason, String(errors[0])]).toEqual(["error", expect.stringMatching(/entry 2 .* after 0/)]);
  });
});

// Helpers

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
    this.log = { ...methodsOf(log), tail };
  }
}
