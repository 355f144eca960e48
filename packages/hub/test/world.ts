import type { DispatchedEvent } from "@ssekit/codec";
import type { EventLog } from "../src/event-log.ts";
import type { Hub, HubOptions } from "../src/hub.ts";
import type * as hubModule from "../src/mod.ts";
import { ScriptedSink } from "../src/scripted-sink.ts";
import type { Action, ReaderSetting, WorldSetting } from "./actions.ts";
import { History, type Place } from "./history.ts";
import { type Copy, ScriptedStore } from "./scripted-store.ts";
import { SteppedLog } from "./stepped-log.ts";
import { InjectedFault, Steps } from "./steps.ts";
import { Violation } from "./violation.ts";

/** What a reader got. */
export interface Got extends DispatchedEvent {
  /** How far retention had got when it arrived. */
  readonly trimmed: number;
}

/** A reader over all its connections. */
export interface Reader {
  readonly setting: ReaderSetting;
  /** All that it got. */
  readonly events: Got[];
  sink: ScriptedSink | undefined;
  node: number;
  connections: number;
  /** What it would send as its last event ID. */
  cursor: string;
  /** Where the log was when it first came, and when it was first there: from then on it is owed all that follows. */
  asked: Place;
  claim: Place | undefined;
}

const NODES = 3;
const MAX_AGE = 1000;
/** A few small events. */
const MAX_LAG = 400;

interface WorldInit {
  readonly setting: WorldSetting;
  readonly store: EventLog;
  readonly history: History;
  /** The store's clock, in milliseconds. */
  readonly time: { now: number };
  readonly createHub: HubModule["createHub"];
}

/** Nodes on one log, their readers, and a clock, all at the command of a test. */
export class World {
  readonly history: History;
  readonly readers: readonly Reader[];
  readonly errors: unknown[] = [];
  /** Whether the store has lost anything that it had acknowledged. */
  lostHistory = false;
  readonly setting: WorldSetting;
  readonly #steps = new Steps();
  readonly #store: EventLog | ScriptedStore;
  readonly #nodes: Node[];
  readonly #retries: (() => void)[] = [];
  #copy: Copy | undefined;
  #published = 0;
  readonly #time: { now: number };

  private constructor({ setting, store, history, time, createHub }: WorldInit) {
    this.setting = setting;
    this.#time = time;
    this.#store = store;
    this.history = history;
    this.#nodes = Array.from({ length: NODES }, (_, node) => {
      const log = new SteppedLog({ inner: store, steps: this.#steps, history, node });
      const onError = (error: unknown): void => this.#note(error);
      const { windowBytes, catchUpBytes } = setting;
      return new Node(createHub, { log, windowBytes, catchUpBytes, onError });
    });
    this.readers = setting.readers.map((given) => ({
      setting: given,
      events: [],
      sink: undefined,
      node: 0,
      connections: 0,
      cursor: "",
      asked: history.head,
      claim: undefined,
    }));
  }

  static async create(setting: WorldSetting, hub: HubModule): Promise<World> {
    const { maxBytes, maxMarks } = setting;
    const time = { now: 1_000_000 };
    const clock = (): number => time.now;
    const store =
      setting.store === "memory"
        ? hub.memoryLog({ maxBytes, maxAge: MAX_AGE, clock })
        : new ScriptedStore({ maxBytes, maxAge: MAX_AGE, maxMarks, clock, resolveCursor: hub.resolveCursor });
    const history = new History((await store.head()).cursor);
    const world = new World({ setting, store, history, time, createHub: hub.createHub });
    if (setting.joined) await world.#joinAll();
    return world;
  }

  async act(action: Action, links: number): Promise<void> {
    // What was appended is in the history some links later.
    if (action.type === "go back" || action.type === "wipe") await promiseLinks(20);
    this.#act(action);
    if (action.type === "flow") await this.#flow();
    await promiseLinks(links);
    for (const who of this.readers) this.#collect(who);
  }

  async #joinAll(): Promise<void> {
    for (const [index, who] of this.readers.entries()) this.#connect(who, index % NODES, false);
    await this.#flow();
  }

  /** Lets all that is owed arrive, and brings those back who are away. */
  async settle(): Promise<void> {
    this.#steps.pause(false);
    for (const node of this.#nodes) if (node.drains) node.restart();
    for (const node of this.#nodes.keys()) this.#steps.lag(node, false);
    for (let round = 0; round < 3; round += 1) {
      for (const retry of this.#retries.splice(0)) retry();
      for (const [index, who] of this.readers.entries()) {
        if (who.sink === undefined || who.sink.closeReason !== undefined) this.#connect(who, index % NODES, false);
        who.sink?.unblock();
      }
      await this.#flow();
    }
    for (const who of this.readers) {
      if (who.sink?.closeReason !== undefined)
        throw new Violation("it comes to rest", `A reader can't stay: ${who.sink.closeReason}`);
      who.sink?.beat();
    }
    await this.#flow();
    for (const who of this.readers) this.#collect(who);
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) await node.hub.close();
    await this.#flow();
    await this.#store.close();
  }

  #act(action: Action): void {
    if (action.type === "step") this.#steps.run(action.which);
    else if (action.type === "lose") this.#steps.lose(action.which);
    else if (action.type === "pause" || action.type === "go on") this.#steps.pause(action.type === "pause");
    else if (action.type === "age") this.#time.now += action.by;
    else if (action.type === "copy" || action.type === "go back" || action.type === "wipe") this.#lose(action.type);
    else if ("reader" in action) this.#actOnReader(action);
    else if ("node" in action) this.#actOnNode(action);
  }

  #actOnReader(action: Extract<Action, { reader: number }>): void {
    const who = this.readers[action.reader] as Reader;
    if (action.type === "connect") this.#connect(who, action.node, action.blocked);
    else if (action.type === "take") who.sink?.take(action.bytes);
    else if (action.type === "cut") who.sink?.leave(action.arriving);
    else who.sink?.[action.type]();
  }

  #actOnNode(action: Exclude<Extract<Action, { node: number }>, { reader: number }>): void {
    const at = this.#nodes[action.node] as Node;
    if (action.type === "publish") this.#publish(at, action);
    else if (action.type === "turn") at.endTurn();
    else if (action.type === "drain") at.drain();
    else if (action.type === "lag" || action.type === "hear") this.#steps.lag(action.node, action.type === "lag");
    else {
      const { type, node } = action;
      if (type === "kill") for (const reader of this.readers) if (reader.node === node) reader.sink?.leave();
      at.restart();
    }
  }

  #connect(who: Reader, node: number, blocked: boolean): void {
    who.sink?.leave();
    this.#collect(who);
    const { dropsIdOnlyBlocks, highWaterMark, matchers, user, whenBehind, private: granted } = who.setting;
    const lastEventId = who.cursor === "" ? undefined : who.cursor;
    const sink = new ScriptedSink({ dropsIdOnlyBlocks, highWaterMark, lastEventId });
    if (blocked) sink.block();
    if (who.claim === undefined && who.events.length === 0) who.asked = this.history.head;
    who.sink = sink;
    who.node = node;
    who.connections += 1;
    const at = this.#nodes[node] as Node;
    const options = {
      private: granted,
      whenBehind,
      maxLag: { bytes: MAX_LAG },
      ...(user === undefined ? {} : { user }),
    };
    at.hub.subscribe(sink, matchers, options).then(
      () => {
        if (!blocked && sink.closeReason === undefined) who.claim ??= this.history.head;
      },
      (error: unknown) => {
        this.#note(error);
        sink.leave();
      },
    );
  }

  #collect(who: Reader): void {
    if (who.sink === undefined) return;
    const { trimmed } = this.history;
    who.events.push(...who.sink.events.splice(0).map((event) => ({ ...event, trimmed })));
    who.cursor = who.sink.cursor;
  }

  #publish(at: Node, action: Extract<Action, { type: "publish" }>): void {
    this.#published += 1;
    const name = `${this.#published}`;
    const data = action.hasData ? `${name}:${"x".repeat(action.size)}` : undefined;
    const event = data === undefined ? { comment: name } : { data, ...(action.hasId ? { id: `own-${name}` } : {}) };
    const { private: isPrivate, key } = action;
    const options = { private: isPrivate, ...(key === undefined ? {} : { key }) };
    const publish = (): void => {
      at.hub.publish(action.to, event, options).then(
        (cursor) => {
          if (this.history.at(cursor).entry?.event.data !== data) this.#note(new Error(`${cursor} is another event`));
        },
        (error: unknown) => {
          this.#note(error);
          // Its publisher can't know whether it was appended. With an id of its own it is safe to ask again.
          if (error instanceof InjectedFault && "id" in event) this.#retries.push(publish);
        },
      );
    };
    publish();
  }

  #lose(how: "copy" | "go back" | "wipe"): void {
    if (this.setting.store !== "forgetful" || !(this.#store instanceof ScriptedStore)) return;
    if (how === "copy") {
      this.#copy = this.#store.copy();
      return;
    }
    if (how === "go back" && this.#copy === undefined) return;
    // No store is restored within a millisecond.
    this.#time.now += 1;
    this.lostHistory = true;
    if (how === "wipe") {
      this.#copy = undefined;
      this.history.beginAnew(this.#store.wipe().cursor);
    } else {
      this.history.goBackTo(this.#store.goBack(this.#copy as Copy).cursor);
    }
  }

  /** Lets all happen that is under way. */
  async #flow(): Promise<void> {
    for (let count = 0; count < 10_000; count += 1) {
      await promiseLinks(20);
      const turned = this.#nodes.map((node) => node.endTurn()).includes(true);
      if (this.#steps.run(0) || turned) continue;
      await promiseLinks(150);
      if (!this.#steps.run(0)) return;
    }
    throw new Violation("it comes to rest", "It never does");
  }

  #note(error: unknown): void {
    const expected = error instanceof InjectedFault || (error as { code?: unknown }).code === "closed";
    if (!expected) this.errors.push(error);
  }
}

/** What is under test: the real module, or one with a fault. */
export type HubModule = Pick<typeof hubModule, "createHub" | "memoryLog" | "resolveCursor">;

class Node {
  hub: Hub;
  readonly #create: () => Hub;
  #tasks: (() => void)[] = [];
  #drains = false;

  constructor(createHub: HubModule["createHub"], options: HubOptions) {
    this.#create = () => createHub({ ...options, scheduler: (task) => this.#tasks.push(task) });
    this.hub = this.#create();
  }

  endTurn(): boolean {
    const tasks = this.#tasks.splice(0);
    for (const task of tasks) task();
    return tasks.length > 0;
  }

  get drains(): boolean {
    return this.#drains;
  }

  drain(): void {
    this.#drains = true;
    void this.hub.drain();
  }

  restart(): void {
    this.#drains = false;
    void this.hub.close();
    this.#tasks = [];
    this.hub = this.#create();
  }
}

async function promiseLinks(count: number): Promise<void> {
  for (let link = 0; link < count; link += 1) await Promise.resolve();
}
