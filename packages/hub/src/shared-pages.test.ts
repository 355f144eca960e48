import { describe, expect, it } from "vitest";
import { methodsOf } from "../test/nodes.ts";
import { ScriptedStore } from "../test/scripted-store.ts";
import { createHub } from "./create-hub.ts";
import { resolveCursor } from "./cursor.ts";
import type { EventLog, Page, Position } from "./event-log.ts";
import type { Hub, HubOptions } from "./hub.ts";
import type { HubEntry } from "./hub-entry.ts";
import { ManualTurns } from "./manual-turns.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink, type ScriptedSinkOptions } from "./scripted-sink.ts";
import { PAGE_BYTES, SharedPages } from "./shared-pages.ts";

// HUB C3: catch-up is the hidden queue. 5,000 readers who come back are one page each, unless they share what is read.

const BASE = new URL("https://hub.invalid/");

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

describe("SharedPages", () => {
  it("asks the log once for all who stand at one place", async () => {
    const { pages, log, at } = await setUpPages(10);
    const answers = [pages.read(at(2)), pages.read(at(2)), pages.read(at(2))];
    await log.answer();
    expect((await Promise.all(answers)).map(({ entries }) => numberedBy(entries))).toEqual(
      Array.from({ length: 3 }, () => [3, 4, 5, 6, 7, 8, 9, 10]),
    );
    expect(log.asked).toEqual([2]);
  });

  it("has four reads under way at once, goes up the log, and answers those who stand in what was read", async () => {
    const { pages, log, at } = await setUpPages(50);
    const answers = [40, 39, 38, 37, 20, 45, 10].map((n) => pages.read(at(n)));
    expect(log.asked).toEqual([40, 39, 38, 37]);
    await log.answer();
    expect(numberedBy((await (answers[5] as (typeof answers)[0])).entries)).toEqual([46, 47, 48, 49, 50]);
    while (log.isAsked) await log.answer();
    expect((await Promise.all(answers)).map(({ next }) => next.n)).toEqual([50, 50, 50, 50, 50, 50, 50]);
    expect(log.asked).toEqual([40, 39, 38, 37, 10, 20]);
  });

  it("begins above the last read rather than at the lowest place, so that nobody waits for ever", async () => {
    const { pages, log, at } = await setUpPages(50, { maxBytes: 0 });
    const answers = [20, 21, 22, 23, 5, 30].map((n) => pages.read(at(n)));
    await log.answer();
    while (log.isAsked) await log.answer();
    await Promise.all(answers);
    expect(log.asked).toEqual([20, 21, 22, 23, 30, 5]);
  });

  it("keeps no more than maxBytes: what was read first goes first (RULES B46)", async () => {
    const { pages, log, at } = await setUpPages(1000, { maxBytes: 3 * PAGE_BYTES });
    let most = 0;
    for (let position = at(0); position.n < 1000; ) {
      const reading = pages.read(position);
      await log.answer();
      position = (await reading).next;
      most = Math.max(most, pages.bytes);
      const kept = Array.from({ length: 1000 }, (_, n) => pages.after(at(n)) !== undefined);
      expect(kept.lastIndexOf(true)).toBe(position.n - 1);
      expect(kept.slice(kept.indexOf(true), position.n)).not.toContain(false);
    }
    expect(most).toBeLessThanOrEqual(3 * PAGE_BYTES);
    expect(most).toBeGreaterThan(2 * PAGE_BYTES);
    expect(pages.after(at(0))).toBeUndefined();
  });

  it("gives no more than a page at once, from read to read", async () => {
    const { pages, log, at } = await setUpPages(400);
    for (let position = at(0); position.n < 400; ) {
      const reading = pages.read(position);
      await log.answer();
      position = (await reading).next;
    }
    const [first, ...others] = pages.after(at(100)) ?? [];
    expect(first?.position.n).toBe(101);
    expect(others.reduce((size, entry) => size + entry.size, first?.size ?? 0)).toBeLessThanOrEqual(PAGE_BYTES);
    expect(others.length).toBeGreaterThan(40);
  });

  it("gives and keeps nothing ahead of this node's tail, whose loss the tail would not notice (HUB A3)", async () => {
    const { pages, log, at, follow } = await setUpPages(10);
    follow(6);
    const reading = pages.read(at(3));
    await log.answer();
    expect(await reading).toMatchObject({ after: at(3), next: at(6) });
    expect(numberedBy(pages.after(at(3)) ?? [])).toEqual([4, 5, 6]);
    expect(pages.after(at(6))).toBeUndefined();
  });

  it("keeps nothing of what was under way when the log went on elsewhere, and lets nobody join it (HUB A3)", async () => {
    const { pages, log, at } = await setUpPages(10);
    const before = pages.read(at(3));
    pages.clear();
    const after = pages.read(at(3));
    await log.answer();
    await Promise.all([before, after]);
    expect(log.asked).toEqual([3, 3]);
    pages.clear();
    expect([pages.after(at(3)), pages.bytes]).toEqual([undefined, 0]);
    const late = pages.read(at(3));
    pages.clear();
    await log.answer();
    await late;
    expect([pages.after(at(3)), pages.bytes]).toEqual([undefined, 0]);
  });

  it("takes what the store has now for what it had before", async () => {
    const { pages, log, at } = await setUpPages(5);
    const entries = await pageOf(log.inner, at(3));
    const other = entries.entries.map((entry) => ({
      ...entry,
      position: { n: entry.position.n, cursor: `${entry.position.cursor}0` },
    }));
    for (const page of [entries, { ...entries, entries: other, next: other.at(-1)?.position as Position }]) {
      log.next = page;
      const reading = pages.read(at(3));
      await log.answer();
      expect((await reading).next).toEqual(page.next);
      expect(pages.after(at(3))?.at(0)?.position).toEqual(page.entries[0]?.position);
    }
  });

  it("forgets all when the log has lost a place, for it is what leads there (HUB A3)", async () => {
    const { pages, log, at } = await setUpPages(5);
    const reading = pages.read(at(3));
    await log.answer();
    await reading;
    log.next = { after: at(2), entries: [], next: at(2), gap: "ahead" };
    const lost = pages.read(at(5));
    await log.answer();
    expect(await lost).toMatchObject({ after: at(2), gap: "ahead" });
    expect([pages.after(at(3)), pages.bytes]).toEqual([undefined, 0]);
  });

  it("fails those who wait for a read that fails, and reads again for the next", async () => {
    const { pages, log, at } = await setUpPages(5);
    const failing = [pages.read(at(1)), pages.read(at(1))];
    await log.fail(new Error("away"));
    expect(await Promise.allSettled(failing)).toMatchObject([
      { reason: new Error("away") },
      { reason: new Error("away") },
    ]);
    const reading = pages.read(at(1));
    await log.answer();
    expect((await reading).entries.length).toBe(4);
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

const DATA = `:${"x".repeat(1000)}`;

async function publish(hub: Hub, turns: ManualTurns, count: number): Promise<string> {
  const cursor = await hub.publish("news", { data: `${count}${DATA}` });
  await turns.end();
  return cursor;
}

function dataOf(sink: ScriptedSink): string[] {
  return sink.events.filter(({ type }) => !type.startsWith("ssekit.")).map(({ data }) => data);
}

function numbersOf(sink: ScriptedSink): number[] {
  return dataOf(sink).map(Number.parseFloat);
}

function numberedBy(entries: readonly HubEntry[]): number[] {
  return entries.map(({ position }) => position.n);
}

function pageOf(log: EventLog, after: Position): Promise<Page> {
  return log.read(after, PAGE_BYTES);
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

/** Pages over a log of so many entries, each read of which waits for the test; and the places in it. */
async function setUpPages(
  count: number,
  { maxBytes = 1e9 } = {},
): Promise<{ pages: SharedPages; log: GatedLog; at(n: number): Position; follow(n: number): void }> {
  const inner = memoryLog({ epoch: "e" });
  const places = [await inner.head()];
  for (let n = 1; n <= count; n += 1) {
    const event = { data: `${n}${DATA}` };
    const entry = {
      topics: ["news"],
      private: false,
      id: undefined,
      key: undefined,
      end: false,
      event,
      bytes: DATA.length,
    };
    await inner.append([entry]);
    places.push(await inner.head());
  }
  const at = (n: number): Position => places[n] as Position;
  let tail = at(count);
  const log = new GatedLog(inner);
  const pages = new SharedPages({
    log,
    reader: { ids: "cursor", base: BASE },
    maxBytes,
    tail: () => tail,
  });
  return {
    pages,
    log,
    at,
    follow: (n) => {
      tail = at(n);
    },
  };
}

/** A log whose reads are answered when the test says so, all that are under way at once. */
class GatedLog {
  readonly inner: EventLog;
  /** Where each read began. */
  readonly asked: number[] = [];
  /** What the next read gives, if not what the log has. */
  next: Page | undefined;
  #gates: { open(): void; fail(error: unknown): void }[] = [];

  constructor(inner: EventLog) {
    this.inner = inner;
  }

  get isAsked(): boolean {
    return this.#gates.length > 0;
  }

  async read(after: Position): Promise<Page> {
    this.asked.push(after.n);
    await new Promise<void>((open, fail) => this.#gates.push({ open, fail }));
    return this.next ?? pageOf(this.inner, after);
  }

  async answer(): Promise<void> {
    for (const gate of this.#gates.splice(0)) gate.open();
    for (let link = 0; link < 20; link += 1) await Promise.resolve();
  }

  async fail(error: unknown): Promise<void> {
    for (const gate of this.#gates.splice(0)) gate.fail(error);
    for (let link = 0; link < 20; link += 1) await Promise.resolve();
  }
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
