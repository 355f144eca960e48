import { describe, expect, it } from "vitest";
import { dataOf, methodsOf } from "../test/nodes.ts";
import { ScriptedStore } from "../test/scripted-store.ts";
import { createHub } from "./create-hub.ts";
import { resolveCursor } from "./cursor.ts";
import type { EventLog, Page } from "./event-log.ts";
import type { Hub, HubOptions } from "./hub.ts";
import { ManualTurns } from "./manual-turns.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink, type ScriptedSinkOptions } from "./scripted-sink.ts";
import { PAGE_BYTES } from "./shared-pages.ts";

// HUB C3: catch-up is the hidden queue. 5,000 readers who come back are one page each, unless they share what is read.

const DATA = `:${"x".repeat(1000)}`;

describe("readers who catch up", () => {
  const ENTRIES = 400;
  /** Readers came to stand on each of the first places: all within one page of each other. */
  const NEAR = 40;
  const orders = {
    "from the same place": () => 0,
    "from the last place to the first": (index: number) => NEAR - 1 - index,
    "from scattered places": (index: number) => (index * 17) % NEAR,
  };

  it.each(Object.entries(orders))("read each page of the log about once, %s (HUB C3)", async (_, placeOf) => {
    const { hub, log, turns } = setUp({ windowBytes: 1 });
    const cursors = [await hub.cursor()];
    for (let count = 1; count <= ENTRIES; count += 1)
      cursors.push(await hub.publish("news", { data: `${count}${DATA}` }));
    await turns.end();
    const pages = Math.ceil((ENTRIES * DATA.length) / PAGE_BYTES);
    const places = Array.from({ length: NEAR }, (_, index) => placeOf(index));
    const sinks = places.map((place) => new ScriptedSink({ lastEventId: cursors[place], highWaterMark: 1e9 }));
    log.reads = 0;
    for (const sink of sinks) void hub.subscribe(sink, "news");
    await turns.end();
    expect(sinks.map((sink) => dataOf(sink).map(Number.parseFloat))).toEqual(
      places.map((place) => Array.from({ length: ENTRIES - place }, (_, index) => place + index + 1)),
    );
    expect(pages).toBeGreaterThan(5);
    // Each on its own would have read nearly all of them.
    expect(log.reads).toBeLessThan(3 * pages);
    await hub.close();
  });

  it("get of a page that another read what they want and may, and nothing else (RULES B33, HUB A9)", async () => {
    const { hub, log, turns, join } = setUp({ windowBytes: 1 });
    const start = await hub.cursor();
    await hub.publish("a", { data: "secret" }, { private: true });
    await hub.publish("b", { data: "other" });
    await hub.publish("a", { data: "public" });
    await turns.end();
    log.reads = 0;
    const all = await join({ lastEventId: start }, { pattern: "*" }, { private: true });
    const [open, granted] = [
      await join({ lastEventId: start }, "a"),
      await join({ lastEventId: start }, "a", { private: true }),
    ];
    expect([all, open, granted].map(dataOf)).toEqual([["secret", "other", "public"], ["public"], ["secret", "public"]]);
    expect(log.reads).toBe(1);
    await hub.close();
  });

  it("share the bytes of the same entries, and of others they don't (RULES B47)", async () => {
    const { hub, turns, join } = setUp({ windowBytes: 1 });
    const start = await hub.cursor();
    await hub.publish("a", { data: "1" });
    await hub.publish("b", { data: "2" });
    await hub.publish("a", { data: "3" });
    await turns.end();
    const sinks = [];
    for (const topics of [["a"], ["a"], ["a", "b"]]) sinks.push(await join({ lastEventId: start }, topics));
    expect(sinks.map(dataOf)).toEqual([
      ["1", "3"],
      ["1", "3"],
      ["1", "2", "3"],
    ]);
    const [first, second, third] = sinks.map(({ writes }) => writes[1]);
    expect(first === second).toBe(true);
    expect(first === third).toBe(false);
    await hub.close();
  });

  it("get nothing that retention removed meanwhile, but a gap, once the log judged their cursor", async () => {
    const log = memoryLog({ maxBytes: 1500 });
    const { hub, turns, join } = setUp({ windowBytes: 1 }, log);
    const start = await hub.cursor();
    for (const data of ["1", "2", "3"]) await hub.publish("news", { data });
    await turns.end();
    expect(dataOf(await join({ lastEventId: start }))).toEqual(["1", "2", "3"]);
    for (const data of ["4", "5", "6"]) await hub.publish("news", { data });
    await turns.end();
    expect((await log.floor()).n).toBe(1);
    const late = await join({ lastEventId: start });
    expect(late.events[0]).toMatchObject({ type: "ssekit.gap", lastEventId: (await log.floor()).cursor });
    expect(dataOf(late)).toEqual(["2", "3", "4", "5", "6"]);
    await hub.close();
  });

  it("get nothing of a history that the store has lost, as soon as the tail has heard of it (HUB A3)", async () => {
    let now = 1000;
    const store = new ScriptedStore({ maxBytes: 1e6, maxAge: 1e6, maxMarks: 100, clock: () => now, resolveCursor });
    const { hub, turns, join } = setUp({ windowBytes: 1 }, store);
    const start = await publish(hub, turns, 1);
    const copy = store.copy();
    for (const count of [2, 3, 4]) await publish(hub, turns, count);
    expect(numbersOf(await join({ lastEventId: start }))).toEqual([2, 3, 4]);
    now += 1;
    store.goBack(copy);
    for (const count of [12, 13, 14]) await publish(hub, turns, count);
    expect(numbersOf(await join({ lastEventId: start }))).toEqual([12, 13, 14]);
    await hub.close();
  });
});

describe("a node whose tail has not heard that the store went back", () => {
  it("repeats nothing to a reader whom the store sends to its head (HUB A3)", async () => {
    const store = new ScriptedStore({ maxBytes: 1e6, maxAge: 1e6, maxMarks: 100, clock: () => 1000, resolveCursor });
    let hears = Promise.resolve();
    const tail: EventLog["tail"] = async function* (after, signal): AsyncGenerator<Page> {
      for await (const page of store.tail(after, signal)) {
        await hears;
        yield page;
      }
    };
    const { hub, turns, join } = setUp({}, { ...methodsOf(store), tail });
    const copy = store.copy();
    const first = await join({});
    const cursor = await publish(hub, turns, 1);
    hears = new Promise(() => {});
    store.goBack(copy);
    const back = await join({ lastEventId: cursor });
    expect([first, back].map(numbersOf)).toEqual([[1], []]);
    expect(back.events.map(({ type }) => type)).toEqual(["ssekit.gap"]);
    await hub.close();
  });
});

describe("a sink", () => {
  it("whose ready fulfils though it takes nothing is left alone until its heartbeat, and loses nothing", async () => {
    const { hub, turns } = setUp();
    const sink = new RestlessSink({ highWaterMark: 1 });
    await hub.subscribe(sink, "news");
    sink.block();
    for (const count of [1, 2, 3]) await publish(hub, turns, count);
    expect([sink.closeReason, numbersOf(sink)]).toEqual([undefined, []]);
    sink.unblock();
    await turns.end();
    sink.beat();
    await turns.end();
    expect(numbersOf(sink)).toEqual([1, 2, 3]);
    await hub.close();
  });
});

// Helpers

async function publish(hub: Hub, turns: ManualTurns, count: number): Promise<string> {
  const cursor = await hub.publish("news", { data: `${count}${DATA}` });
  await turns.end();
  return cursor;
}

function numbersOf(sink: ScriptedSink): number[] {
  return dataOf(sink).map(Number.parseFloat);
}

/** A hub over a log that counts how often it is read. */
function setUp(
  options: HubOptions = {},
  inner: EventLog = memoryLog(),
): {
  hub: Hub;
  log: { reads: number };
  turns: ManualTurns;
  join(
    sink: ScriptedSinkOptions,
    matchers?: Parameters<Hub["subscribe"]>[1],
    options?: Parameters<Hub["subscribe"]>[2],
  ): Promise<ScriptedSink>;
} {
  const turns = new ManualTurns();
  const counts = { reads: 0 };
  const log = new Proxy(inner, {
    get(target, name) {
      if (name === "read") counts.reads += 1;
      const value = target[name as keyof EventLog];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const hub = createHub({ ...options, log, scheduler: turns.schedule });
  return {
    hub,
    log: counts,
    turns,
    join: async (given, matchers = "news", subscribe = {}) => {
      const sink = new ScriptedSink({ highWaterMark: 1e9, ...given });
      await hub.subscribe(sink, matchers, subscribe);
      await turns.end();
      return sink;
    },
  };
}

/** Says that it is ready whatever it holds. */
class RestlessSink extends ScriptedSink {
  #asked = 0;

  override get ready(): Promise<unknown> {
    this.#asked += 1;
    // A spin of microtasks would end no turn, and so no test.
    if (this.#asked > 100) throw new Error("spins");
    return Promise.resolve();
  }
}
