import { createHub } from "../src/create-hub.ts";
import type { EventLog } from "../src/event-log.ts";
import type { Hub, HubOptions, SubscribeOptions } from "../src/hub.ts";
import { ManualClock } from "../src/manual-clock.ts";
import { ManualTurns } from "../src/manual-turns.ts";
import { memoryLog } from "../src/memory-log.ts";
import { ScriptedSink, type ScriptedSinkOptions } from "../src/scripted-sink.ts";
import type { Matcher } from "../src/target.ts";

/** One hub on a log that it shares with others. */
export interface Node {
  readonly hub: Hub;
  readonly errors: unknown[];
  join(
    matchers: Matcher | readonly Matcher[],
    options?: SubscribeOptions,
    sink?: ScriptedSinkOptions,
  ): Promise<ScriptedSink>;
}

/** Nodes on one log and one clock. */
export class Nodes {
  readonly log: EventLog;
  readonly clock: ManualClock = new ManualClock();
  readonly nodes: Node[] = [];
  readonly #turns: ManualTurns[] = [];
  readonly #options: HubOptions;

  constructor(count = 1, options: HubOptions = {}) {
    this.log = options.log ?? memoryLog({ clock: () => 1_000_000 + this.clock.now() });
    this.#options = options;
    for (let index = 0; index < count; index += 1) this.start();
  }

  /** One more node; what it adds to the log is its own. */
  start(wrap: (log: EventLog) => EventLog = (log) => log): Node {
    const turns = new ManualTurns();
    const errors: unknown[] = [];
    const hub = createHub({
      onError: (error) => errors.push(error),
      ...this.#options,
      log: wrap({ ...methodsOf(this.log), close: async () => {} }),
      clock: this.clock,
      scheduler: turns.schedule,
    });
    this.#turns.push(turns);
    const node: Node = {
      hub,
      errors,
      join: async (matchers, options, sinkOptions) => {
        const sink = new ScriptedSink(sinkOptions);
        await hub.subscribe(sink, matchers, options);
        await this.turn();
        return sink;
      },
    };
    this.nodes.push(node);
    return node;
  }

  /** Ends turns on all nodes until nothing is left to do. */
  async turn(): Promise<void> {
    for (let round = 0; round < 3; round += 1) for (const turns of this.#turns) await turns.end();
  }

  /** Lets time pass in steps, and all that follows from each happen. */
  async pass(ms: number, step = 250): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.advance(Math.min(step, ms - passed));
      await this.turn();
    }
  }
}

/** The log's methods as plain functions, so that one can be replaced. */
export function methodsOf(log: EventLog): EventLog {
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

/** The log, to whose companions nothing can be added while they are away. */
export function withCompanionsAway(log: EventLog, isAway: () => boolean): EventLog {
  const companion: EventLog["companion"] = (name, retention) => {
    const inner = methodsOf(log.companion(name, retention));
    const append: EventLog["append"] = async (entries) => {
      if (isAway()) throw new Error("away");
      return inner.append(entries);
    };
    return { ...inner, append };
  };
  return { ...methodsOf(log), companion };
}

/** The data of what was published, as a reader got it. */
export function dataOf(sink: ScriptedSink): string[] {
  return sink.events.filter(({ type }) => !type.startsWith("ssekit.")).map(({ data }) => data);
}

export function typesOf(sink: ScriptedSink): string[] {
  return sink.events.map(({ type }) => type);
}
