import { describe, expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import { ManualClock } from "./manual-clock.ts";
import { ManualTurns } from "./manual-turns.ts";
import { ScriptedSink } from "./scripted-sink.ts";

describe("Hub.drain()", () => {
  it("closes all with reason drain, and fulfils when they have ended", async () => {
    const hub = createHub();
    const sinks = [new ScriptedSink(), new ScriptedSink()];
    for (const sink of sinks) await hub.subscribe(sink, "news");
    await hub.drain();
    expect([sinks.map(({ closeReason }) => closeReason), hub.count()]).toEqual([["drain", "drain"], 0]);
    await hub.close();
  });

  it("answers who comes meanwhile 200, a reconnection time and the end: any other status is final (RULES B14)", async () => {
    const hub = createHub();
    await hub.drain();
    const sink = new ScriptedSink({ lastEventId: "#e-7-7" });
    const { cursor, gap } = await hub.subscribe(sink, "news");
    expect([sink.closeReason, typeof sink.head, hub.count()]).toEqual(["drain", "string", 0]);
    expect([cursor, gap, sink.cursor]).toEqual(["", undefined, "#e-7-7"]);
    await hub.close();
  });

  it("sends away who was still coming in", async () => {
    const hub = createHub();
    const sink = new ScriptedSink();
    const coming = hub.subscribe(sink, "news");
    await hub.drain();
    await coming;
    expect([sink.closeReason, hub.count()]).toEqual(["drain", 0]);
    await hub.close();
  });

  it("still publishes, for the readers of other nodes", async () => {
    const turns = new ManualTurns();
    const hub = createHub({ scheduler: turns.schedule });
    await hub.drain();
    expect(await hub.publish("news", { data: "late" })).toBe(await hub.cursor());
    await hub.close();
  });

  it("goes in ten waves over half of the deadline, so that they don't come back all at once (RULES B43)", async () => {
    const clock = new ManualClock();
    const hub = createHub({ clock });
    const sinks = Array.from({ length: 2000 }, () => new ScriptedSink());
    for (const sink of sinks) await hub.subscribe(sink, "news");
    const draining = hub.drain({ deadline: 10_000 });
    const left: number[] = [];
    for (let wave = 0; wave < 10; wave += 1) {
      left.push(hub.count());
      clock.advance(500);
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(left).toEqual([1800, 1600, 1400, 1200, 1000, 800, 600, 400, 200, 0]);
    await draining;
    expect(clock.intervals).toBe(0);
    await hub.close();
  });

  it("closes a hundred at once, who are no load to whom they come back to", async () => {
    const hub = createHub({ clock: new ManualClock() });
    const sinks = Array.from({ length: 101 }, () => new ScriptedSink());
    for (const sink of sinks) await hub.subscribe(sink, "news");
    void hub.drain();
    expect(hub.count()).toBe(1);
    await hub.close();
  });

  it("does not wait beyond the deadline for a reader who takes nothing", async () => {
    const clock = new ManualClock();
    const hub = createHub({ clock });
    const sink = new ScriptedSink();
    sink.onClose = () => {};
    await hub.subscribe(sink, "news");
    const draining = hub.drain({ deadline: 3000 });
    expect(hub.drain()).toBe(draining);
    let isOver = false;
    void draining.then(() => {
      isOver = true;
    });
    clock.advance(2999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    clock.advance(1);
    await draining;
    await hub.close();
  });
});
