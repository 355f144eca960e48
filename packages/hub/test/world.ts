import type { DispatchedEvent } from "@ssekit/codec";
import type { EventLog } from "../src/event-log.ts";
import type { WireIds } from "../src/hub-entry.ts";
import { ManualClock } from "../src/manual-clock.ts";
import { ScriptedSink } from "../src/scripted-sink.ts";
import type { Action, Grant, ReaderSetting, WorldSetting } from "./actions.ts";
import { History, type Place } from "./history.ts";
import { type HubModule, ModelNode } from "./model-node.ts";
import { type Copy, ScriptedStore } from "./scripted-store.ts";
import { SteppedLog } from "./stepped-log.ts";
import { InjectedFault, Steps } from "./steps.ts";
import { Violation } from "./violation.ts";

/** What a reader got. */
export interface Got extends DispatchedEvent {
  /** How far retention had got, at most, while its connection was there: it may be judged by what is undone since. */
  readonly trimmed: number;
}

/** A reader over all its connections. */
export interface Reader {
  readonly setting: ReaderSetting;
  /** All that it got. */
  readonly events: Got[];
  sink: ScriptedSink | undefined;
  node: number;
  /** Whether nothing arrives any more. */
  isBlocked: boolean;
  connections: number;
  /** How far retention has got, at most, since it last came. */
  trimmed: number;
  /** What it would send as its last event ID. */
  cursor: string;
  /** Where the log was when it first came, and when it was first there: from then on it is owed all that follows. */
  asked: Place;
  claim: Place | undefined;
  /** What it may get, and all that it might so far. */
  grant: Grant;
  readonly grants: Set<Grant>;
  /** What is appended after so many places is judged by its last grant alone. */
  settledAt: number;
  /** Who it was told is there, since it came; `undefined` before it was told. */
  present: Set<string> | undefined;
}

const NODES = 3;
const MAX_AGE = 1000;
/** A few small events. */
const MAX_LAG = 400;
/** Milliseconds in which the users of a killed node are forgotten, and all is told. */
const PRESENCE_TIME = 32_000;
/** To each of them, in public and in private, one more event is published at the end. */
const PROBED = ["a", "b", "/c/1", "/d"];

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
  readonly #clock = new ManualClock();
  readonly #store: EventLog | ScriptedStore;
  readonly #nodes: ModelNode[];
  readonly #retries: (() => void)[] = [];
  #copy: Copy | undefined;
  #published = 0;
  #hasEnded = false;
  readonly #time: { now: number };

  private constructor({ setting, store, history, time, createHub }: WorldInit) {
    this.setting = setting;
    this.#time = time;
    this.#store = store;
    this.history = history;
    this.#nodes = Array.from({ length: NODES }, (_, node) => {
      const createLog = (): SteppedLog => new SteppedLog({ inner: store, steps: this.#steps, history, node });
      const onError = (error: unknown): void => this.#note(error);
      const { windowBytes, catchUpBytes } = setting;
      return new ModelNode(createHub, createLog, {
        windowBytes,
        catchUpBytes,
        onError,
        ids: this.ids,
        clock: this.#clock,
      });
    });
    this.readers = setting.readers.map((given) => ({
      setting: given,
      events: [],
      sink: undefined,
      node: 0,
      isBlocked: false,
      connections: 0,
      trimmed: 0,
      cursor: "",
      asked: history.head,
      claim: undefined,
      grant: given.grants[0] as Grant,
      grants: new Set(given.grants.slice(0, 1)),
      settledAt: Number.POSITIVE_INFINITY,
      present: undefined,
    }));
  }

  /** Whose id events have on the wire. */
  get ids(): WireIds {
    return this.setting.store === "forgetful" ? "cursor" : this.setting.ids;
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
    if (action.type === "go back" || action.type === "wipe") {
      await promiseLinks(20);
      for (const who of this.readers) this.#collect(who);
    }
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
        who.isBlocked = false;
        who.sink?.unblock();
      }
      await this.#flow();
    }
    for (const who of this.readers) {
      who.settledAt = this.history.size;
      await this.#checkStay(who);
    }
    await this.#probe();
    await this.#checkPresence();
  }

  /** What is published now comes to those alone whose last grants select it. */
  async #probe(): Promise<void> {
    const { hub } = this.#nodes[0] as ModelNode;
    for (const topic of PROBED) {
      for (const isPrivate of [false, true]) {
        const event = { data: `${topic}:${isPrivate}` };
        hub.publish(topic, event, { private: isPrivate }).catch((error: unknown) => this.#note(error));
        await this.#flow();
      }
    }
    for (const who of this.readers) who.sink?.beat();
    for (const who of this.readers) this.#collect(who);
  }

  /** It is there, unless nothing that it may get can come any more. */
  async #checkStay({ sink, grant, setting }: Reader): Promise<void> {
    const ends = await this.#store.ends(grant.matchers.filter((matcher) => typeof matcher === "string"));
    const isExact = setting.user === undefined && grant.matchers.every((matcher) => typeof matcher === "string");
    const isEnded = isExact && ends.every((end) => end !== undefined);
    if (sink?.closeReason !== undefined && !isEnded) {
      throw new Violation("it comes to rest", `A reader can't stay: ${sink.closeReason}`);
    }
    if (sink?.closeReason === undefined && isEnded && !this.lostHistory) {
      throw new Violation("it comes to rest", "A reader waits for topics that have ended");
    }
  }

  /** Some time later all who want to know who is there do, on all nodes. */
  async #checkPresence(): Promise<void> {
    for (let passed = 0; passed < PRESENCE_TIME; passed += PRESENCE_TIME / 4) {
      this.#clock.advance(PRESENCE_TIME / 4);
      this.#time.now += PRESENCE_TIME / 4;
      await this.#flow();
    }
    for (const who of this.readers) this.#collect(who);
    const here = this.readers.filter(({ sink }) => sink?.closeReason === undefined);
    const users = here.map(({ setting }) => setting.user).filter((user) => user !== undefined);
    for (const { setting, present } of here) {
      if (!setting.presence) continue;
      const told = [...(present ?? ["nobody told it"])].sort();
      const expected = [...new Set(users)].sort();
      if (`${told}` !== `${expected}`) {
        throw new Violation("all learn who is there", `A reader was told of ${told}: there are ${expected}`);
      }
    }
    for (const { hub } of this.#nodes) {
      const counts = [...(await hub.users()).values()].reduce((sum, count) => sum + count, 0);
      if (counts !== users.length) {
        throw new Violation("all learn who is there", `A node counts ${counts} connections of ${users.length}`);
      }
    }
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
    else if (action.type === "grant") this.#grant(who, action.which);
    else if (action.type === "take") who.sink?.take(action.bytes);
    else if (action.type === "cut") who.sink?.leave(action.arriving);
    else {
      if (action.type !== "beat") who.isBlocked = action.type === "block";
      who.sink?.[action.type]();
    }
  }

  #actOnNode(action: Exclude<Extract<Action, { node: number }>, { reader: number }>): void {
    const at = this.#nodes[action.node] as ModelNode;
    if (action.type === "publish") this.#publish(at, action);
    else if (action.type === "end") this.#end(at, action.topics);
    else if (action.type === "turn") at.endTurn();
    else if (action.type === "drain") at.drain();
    else if (action.type === "lag" || action.type === "hear") this.#steps.lag(action.node, action.type === "lag");
    else {
      const { type, node } = action;
      if (type === "kill") for (const reader of this.readers) if (reader.node === node) reader.sink?.leave();
      at[type]();
    }
  }

  #grant(who: Reader, which: number): void {
    const { grants } = who.setting;
    who.grant = grants[which % grants.length] as Grant;
    who.grants.add(who.grant);
    const { hub } = this.#nodes[who.node] as ModelNode;
    if (grants.length > 1) hub.reauthorize().catch((error: unknown) => this.#note(error));
  }

  #connect(who: Reader, node: number, blocked: boolean): void {
    who.sink?.leave();
    this.#collect(who);
    who.present = undefined;
    const { dropsIdOnlyBlocks, grants, highWaterMark, presence, user, whenBehind } = who.setting;
    const { matchers, private: granted } = grants[0] as Grant;
    const lastEventId = who.cursor === "" ? undefined : who.cursor;
    const sink = new ScriptedSink({ dropsIdOnlyBlocks, highWaterMark, lastEventId });
    who.isBlocked = blocked;
    if (blocked) sink.block();
    if (who.claim === undefined && who.events.length === 0) who.asked = this.history.head;
    who.sink = sink;
    who.node = node;
    who.connections += 1;
    who.trimmed = this.history.trimmed;
    const at = this.#nodes[node] as ModelNode;
    const options = {
      private: granted,
      presence,
      whenBehind,
      ...(grants.length > 1 ? { authorize: () => who.grant } : {}),
      maxLag: { bytes: MAX_LAG },
      ...(user === undefined ? {} : { user }),
    };
    at.hub.subscribe(sink, matchers, options).then(
      () => {
        if (!who.isBlocked && sink.closeReason === undefined) who.claim ??= this.history.head;
      },
      (error: unknown) => {
        this.#note(error);
        sink.leave();
      },
    );
  }

  #collect(who: Reader): void {
    if (who.sink === undefined) return;
    who.trimmed = Math.max(who.trimmed, this.history.trimmed);
    const { trimmed } = who;
    for (const event of who.sink.events.splice(0)) {
      if (event.type === "ssekit.presence") this.#learn(who, JSON.parse(event.data));
      else who.events.push({ ...event, trimmed });
    }
    who.cursor = who.sink.cursor;
  }

  #learn(
    who: Reader,
    { users, joined = [], left = [] }: Record<"users" | "joined" | "left", string[] | undefined>,
  ): void {
    who.present = users === undefined ? who.present : new Set(users);
    for (const user of joined) who.present?.add(user);
    for (const user of left) who.present?.delete(user);
  }

  #publish(at: ModelNode, action: Extract<Action, { type: "publish" }>): void {
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
          // Its publisher can't know whether it was appended. With an id of its own it is safe to ask again; but where
          // readers resume by that id, and the log no longer has it, they would resume at the second.
          if (error instanceof InjectedFault && "id" in event && this.ids === "cursor") this.#retries.push(publish);
        },
      );
    };
    publish();
  }

  #end(at: ModelNode, topics: readonly string[]): void {
    this.#hasEnded = true;
    at.hub.end(topics).catch((error: unknown) => this.#note(error));
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
    const { code } = error as { code?: unknown };
    const expected = error instanceof InjectedFault || code === "closed" || (code === "ended" && this.#hasEnded);
    if (!expected) this.errors.push(error);
  }
}

async function promiseLinks(count: number): Promise<void> {
  for (let link = 0; link < count; link += 1) await Promise.resolve();
}
