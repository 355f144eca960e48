import type { DispatchedEvent } from "@ssekit/codec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import { parseCursor } from "./cursor.ts";
import type { EventLog, Page } from "./event-log.ts";
import type { Hub } from "./hub.ts";
import { ManualTurns } from "./manual-turns.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink } from "./scripted-sink.ts";
import type { Matcher, Target } from "./target.ts";

// Two nodes on one log, whose tails lag; readers who block, are cut inside a block, go and come back to either node;
// retention by bytes and age. Whatever happens in whatever order, what a reader got is the log after its cursor, by its
// matchers and grants, or it was told of a gap.

const topics = ["a", "b", "/c/1"] as const;
const node = fc.nat(1);
const reader = fc.nat(3);

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("publish" as const),
      node,
      to: fc.oneof(
        fc.subarray([...topics], { minLength: 1 }),
        fc.constantFrom({ user: "ann" } as const, { user: "bob" } as const),
      ),
      private: fc.boolean(),
      size: fc.constantFrom(0, 10, 300, 70_000),
      hasData: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("turn" as const), node }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("connect" as const), node, reader }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom("block" as const, "unblock" as const, "beat" as const), reader }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("cut" as const), reader, arriving: fc.nat(400) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom("lag" as const, "go" as const, "restart" as const), node }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("age" as const), by: fc.nat(600) }) },
);

const readerSetting = fc.record({
  matchers: fc.subarray<Matcher>(["a", "b", { pattern: "/c/*" }, { pattern: "*" }], { minLength: 1 }),
  user: fc.constantFrom(undefined, "ann"),
  private: fc.boolean(),
  dropsIdOnlyBlocks: fc.boolean(),
  highWaterMark: fc.constantFrom(1, 200, 70_000),
});

const setting = fc.record({
  maxBytes: fc.constantFrom(1500, 20_000, 1_000_000),
  windowBytes: fc.constantFrom(1, 1000, 100_000),
  readers: fc.array(readerSetting, { minLength: 4, maxLength: 4 }),
});

describe("delivery", () => {
  it("gives each reader the log after its cursor, by its matchers and grants, or tells a gap", async () => {
    const seen = { messages: 0, gaps: 0, resumed: 0 };
    await fc.assert(
      fc.asyncProperty(setting, fc.array(action, { maxLength: 250, size: "max" }), async (given, actions) => {
        const world = new World(given);
        for (const step of actions) await world.act(step);
        await world.settle();
        for (const checked of world.readers) checkReader(checked, world);
        expect(world.errors).toEqual([]);
        for (const { events, connections } of world.readers) {
          seen.messages += events.filter(({ type }) => type === "message").length;
          seen.gaps += events.filter(({ type }) => type === "ssekit.gap").length;
          seen.resumed += connections - 1;
        }
        await world.close();
      }),
    );
    // The property is worth something only where much happens.
    expect(Math.min(seen.messages, seen.gaps, seen.resumed)).toBeGreaterThan(50);
  });
});

// Helpers

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;
type ReaderSetting = typeof readerSetting extends fc.Arbitrary<infer T> ? T : never;

interface Published {
  readonly to: Target;
  readonly private: boolean;
  readonly data: string | undefined;
}

/** A reader over all its connections. */
interface Reader {
  readonly setting: ReaderSetting;
  readonly events: DispatchedEvent[];
  sink: ScriptedSink | undefined;
  connections: number;
  /** What it would send as its last event ID. */
  cursor: string;
  /** How many entries there were when it first came: it is owed all that follow. */
  start: number;
}

class World {
  readonly log: EventLog;
  readonly errors: unknown[] = [];
  readonly history: Published[] = [];
  readonly readers: Reader[];
  readonly #nodes: TestNode[];
  #now = 1_000_000;

  constructor({ maxBytes, windowBytes, readers }: Setting) {
    this.log = memoryLog({ maxBytes, maxAge: 1000, clock: () => this.#now });
    this.#nodes = [0, 1].map(
      () => new TestNode(this.log, { windowBytes, onError: (error) => this.errors.push(error) }),
    );
    this.readers = readers.map((given) => ({
      setting: given,
      events: [],
      sink: undefined,
      connections: 0,
      cursor: "",
      start: 0,
    }));
  }

  async act(step: Action): Promise<void> {
    const at = this.#nodes[("node" in step && step.node) || 0] as TestNode;
    const who = this.readers[("reader" in step && step.reader) || 0] as Reader;
    switch (step.type) {
      case "publish":
        return this.#publish(at, step);
      case "turn":
        return at.turns.end();
      case "connect":
        return this.connect(who, at);
      case "block":
        return who.sink?.block();
      case "unblock":
        return who.sink?.unblock();
      case "beat":
        return void who.sink?.beat();
      case "cut":
        return who.sink?.leave(step.arriving);
      case "lag":
        return at.lag();
      case "go":
        return at.go();
      case "restart":
        return at.restart();
      case "age":
        this.#now += step.by;
    }
  }

  /** Lets all that is owed arrive, and brings those back who are away. */
  async settle(): Promise<void> {
    for (const at of this.#nodes) at.go();
    for (let round = 0; round < 3; round += 1) {
      for (const who of this.readers) who.sink?.unblock();
      for (const at of this.#nodes) await at.turns.end();
    }
    for (const [index, who] of this.readers.entries()) {
      if (who.sink?.closeReason !== undefined || who.sink === undefined) {
        await this.connect(who, this.#nodes[index % 2] as TestNode);
      }
    }
    for (const at of this.#nodes) await at.turns.end();
    for (const who of this.readers) this.#collect(who);
  }

  async close(): Promise<void> {
    for (const { hub } of this.#nodes) await hub.close();
    await this.log.close();
  }

  async connect(who: Reader, at: TestNode): Promise<void> {
    who.sink?.leave();
    this.#collect(who);
    const { dropsIdOnlyBlocks, highWaterMark, matchers, user, private: granted } = who.setting;
    const lastEventId = who.cursor === "" ? undefined : who.cursor;
    who.sink = new ScriptedSink({ dropsIdOnlyBlocks, highWaterMark, lastEventId });
    if (who.connections === 0) who.start = this.history.length;
    who.connections += 1;
    await at.hub.subscribe(who.sink, matchers, { private: granted, ...(user === undefined ? {} : { user }) });
  }

  #collect(who: Reader): void {
    if (who.sink === undefined) return;
    who.events.push(...who.sink.events.splice(0));
    who.cursor = who.sink.cursor;
  }

  async #publish(at: TestNode, step: Extract<Action, { type: "publish" }>): Promise<void> {
    const data = step.hasData ? `${this.history.length}:${"x".repeat(step.size)}` : undefined;
    this.history.push({ to: step.to, private: step.private, data });
    const event = data === undefined ? { comment: "nothing" } : { data };
    const id = await at.hub.publish(step.to, event, { private: step.private });
    expect(parseCursor(id)?.n).toBe(this.history.length);
  }
}

/** A hub whose tail can be made to lag behind the log that it shares. */
class TestNode {
  turns = new ManualTurns();
  hub: Hub;
  readonly #create: () => Hub;
  #gate: Promise<void> = Promise.resolve();
  #openGate: () => void = () => {};

  constructor(log: EventLog, options: { windowBytes: number; onError: (error: unknown) => void }) {
    const gate = (): Promise<void> => this.#gate;
    const tail: EventLog["tail"] = async function* (after, signal): AsyncGenerator<Page> {
      for await (const page of log.tail(after, signal)) {
        await gate();
        yield page;
      }
    };
    const shared: EventLog = {
      append: (entries) => log.append(entries),
      head: () => log.head(),
      floor: () => log.floor(),
      resolve: (cursor) => log.resolve(cursor),
      find: (id) => log.find(id),
      ends: (topics) => log.ends(topics),
      read: (after, maxBytes) => log.read(after, maxBytes),
      tail,
      trimmedAfter: (of, n) => log.trimmedAfter(of, n),
      companion: (name, retention) => log.companion(name, retention),
      close: async () => {},
    };
    this.#create = () => createHub({ ...options, log: shared, scheduler: this.turns.schedule });
    this.hub = this.#create();
  }

  lag(): void {
    this.go();
    this.#gate = new Promise((resolve) => {
      this.#openGate = resolve;
    });
  }

  go(): void {
    this.#openGate();
  }

  async restart(): Promise<void> {
    this.go();
    await this.hub.close();
    this.turns = new ManualTurns();
    this.hub = this.#create();
  }
}

/** Walks what a reader got beside the log: nothing repeated or out of order, and nothing left out without a gap. */
function checkReader({ setting: given, events, start }: Reader, { history }: World): void {
  let at = start;
  const expectNothingOwed = (last: number): void => {
    for (let n = at + 1; n <= last; n += 1) expect([n, owes(n)]).toEqual([n, false]);
  };
  const owes = (n: number): boolean => {
    const entry = history[n - 1];
    return entry?.data !== undefined && isFor(given, entry);
  };
  for (const { type, data, lastEventId } of events) {
    const n = parseCursor(lastEventId)?.n ?? Number.NaN;
    if (type === "ssekit.cursor") {
      expect(n).toBeGreaterThanOrEqual(at);
      expectNothingOwed(n);
    } else {
      expect(n).toBeGreaterThan(at);
    }
    if (type === "message") {
      expectNothingOwed(n - 1);
      expect([data, owes(n)]).toEqual([history[n - 1]?.data, true]);
    }
    if (type === "ssekit.gap") expect(JSON.parse(data)).toMatchObject({ cursor: lastEventId, range: { last: n } });
    at = n;
  }
  expectNothingOwed(history.length);
}

function isFor({ matchers, user, private: granted }: ReaderSetting, entry: Published): boolean {
  if (entry.private && !granted) return false;
  if (!Array.isArray(entry.to)) return user !== undefined && (entry.to as { user: string }).user === user;
  return entry.to.some((topic: string) =>
    matchers.some((matcher) =>
      typeof matcher === "string" ? matcher === topic : matcher.pattern === "*" || topic.startsWith("/c/"),
    ),
  );
}
