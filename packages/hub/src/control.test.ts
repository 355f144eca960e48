import { describe, expect, it } from "vitest";
import { dataOf, methodsOf, type Node, Nodes, withCompanionsAway } from "../test/nodes.ts";
import type { EventLog } from "./event-log.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink } from "./scripted-sink.ts";

describe("Hub.disconnect()", () => {
  it("reaches a user's connections on every node, which close as revoked (RULES B42, HUB A11)", async () => {
    const { all, one, other } = setUp();
    const sinks = [
      await one.join("a", { user: "ann" }),
      await other.join("a", { user: "ann" }),
      await other.join("a", { user: "bob" }),
    ];
    await one.hub.disconnect({ user: "ann" });
    await all.turn();
    expect(sinks.map(({ closeReason }) => closeReason)).toEqual(["revoked", "revoked", undefined]);
    expect((await all.log.head()).n).toBe(0);
  });

  it("reaches one connection by its id, the readers of a topic, or all", async () => {
    const { all, one, other } = setUp();
    const sink = new ScriptedSink();
    const { id } = await other.hub.subscribe(sink, "a");
    const [pattern, second, third] = [await one.join({ pattern: "/b" }), await other.join("b"), await one.join("c")];
    await one.hub.disconnect({ connection: id });
    await other.hub.disconnect("b");
    await all.turn();
    const reasons = (): unknown[] => [sink, pattern, second, third].map(({ closeReason }) => closeReason);
    expect(reasons()).toEqual(["revoked", "revoked", "revoked", undefined]);
    await other.hub.disconnect({ all: true });
    await all.turn();
    expect(reasons()).toEqual(["revoked", "revoked", "revoked", "revoked"]);
  });

  it("reaches a connection that is still coming in, which is answered 403", async () => {
    const log = memoryLog();
    let go: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const all = new Nodes(0, { log });
    const node = all.start((shared) => ({ ...methodsOf(shared), head: () => gate.then(() => shared.head()) }));
    const other = all.start();
    const sink = new ScriptedSink();
    const joining = node.hub.subscribe(sink, "a", { user: "ann" });
    await all.turn();
    await other.hub.disconnect({ user: "ann" });
    await all.turn();
    go();
    await joining;
    expect([sink.head, node.hub.count()]).toEqual([403, 0]);
  });

  it("concerns those who are there, and nobody who comes later, also to a node that starts later", async () => {
    const { all, one } = setUp(1);
    await one.hub.disconnect({ user: "ann" });
    const sinks = [await one.join("a", { user: "ann" }), await all.start().join("a", { user: "ann" })];
    await all.turn();
    expect(sinks.map(({ closeReason }) => closeReason)).toEqual([undefined, undefined]);
  });

  it("is heeded by a node that was cut off, when it can read on: not at most once (HUB A11)", async () => {
    const { all, one } = setUp(1);
    const cut = new CutOff();
    const node = all.start((log) => cut.wrap(log));
    const sink = await node.join("a", { user: "ann" });
    await cut.off();
    await one.hub.disconnect({ user: "ann" });
    await all.pass(5000);
    expect([sink.closeReason, node.errors.length]).toEqual([undefined, 6]);
    cut.on();
    await all.pass(1000);
    expect(sink.closeReason).toBe("revoked");
  });

  it("sends all away to be judged anew where the node has missed a part of what was asked", async () => {
    const { all, one } = setUp(1);
    const cut = new CutOff();
    const node = all.start((log) => cut.wrap(log));
    const sinks = [await node.join("a", { user: "ann" }), await node.join("b")];
    let judged = 0;
    const authorize = (): object => {
      judged += 1;
      return {};
    };
    const kept = await node.join("c", { authorize });
    await cut.off();
    await one.hub.disconnect({ user: "ann" });
    // Retention takes the message before the node can read it.
    await all.pass(3_700_000, 100_000);
    await one.hub.disconnect({ user: "nobody" });
    const before = judged;
    cut.on();
    await all.pass(1000);
    expect(sinks.map(({ closeReason }) => closeReason)).toEqual(["drain", "drain"]);
    expect([kept.closeReason, judged > before]).toEqual([undefined, true]);
  });

  it("keeps hearing after a message that can't be heeded (RULES B22)", async () => {
    const { all, one } = setUp(1);
    const sink = await one.join("a", { user: "ann" });
    const control = all.log.companion("control", { maxBytes: 1, maxAge: 1 });
    const entry = { topics: ["all"], private: true, id: undefined, key: undefined, end: false, bytes: 1 };
    await control.append([
      { ...entry, event: { data: "{" } },
      { ...entry, event: { data: '{"type":"later"}' } },
    ]);
    await one.hub.disconnect({ user: "ann" });
    await all.turn();
    expect([sink.closeReason, one.errors]).toEqual(["revoked", [expect.any(SyntaxError)]]);
  });

  it("rejects when it can't be said that every node will hear it", async () => {
    const { all } = setUp(1);
    let isAway = true;
    const { hub } = all.start((log) => ({
      ...methodsOf(log),
      companion: (name, retention) => {
        if (isAway) throw new Error("away");
        return log.companion(name, retention);
      },
    }));
    await expect(hub.disconnect({ user: "ann" })).rejects.toThrow("away");
    const sink = new ScriptedSink();
    await expect(hub.subscribe(sink, "a")).rejects.toThrow("away");
    expect([sink.closeReason, hub.count()]).toEqual(["error", 0]);
    isAway = false;
    const late = new ScriptedSink();
    await hub.subscribe(late, "a", { user: "ann" });
    await hub.disconnect({ user: "ann" });
    await all.turn();
    expect(late.closeReason).toBe("revoked");
  });

  it("is not listened for any more once the hub is closed, though its log was away", async () => {
    const { all } = setUp(0);
    const cut = new CutOff();
    const node = all.start((log) => cut.wrap(log));
    await node.join("a");
    await cut.off();
    await all.turn();
    await node.hub.close();
    await all.turn();
    expect([all.clock.intervals, node.errors.length]).toEqual([0, 1]);
  });
});

describe("Hub.publish()", () => {
  it("reaches one connection on whatever node, and no pattern", async () => {
    const { all, one, other } = setUp();
    const sink = new ScriptedSink();
    const { id } = await other.hub.subscribe(sink, "a");
    const [pattern, fellow] = [await other.join({ pattern: "*" }), await other.join("a")];
    await one.hub.publish({ connection: id }, { data: "you" });
    await all.turn();
    expect([sink, pattern, fellow].map(dataOf)).toEqual([["you"], [], []]);
    expect([other.hub.count({ connection: id }), one.hub.count({ connection: id })]).toEqual([1, 0]);
  });

  it("reaches all, whatever they subscribe to, live, blocked and resumed", async () => {
    const { all, one, other } = setUp(2, { windowBytes: 1 });
    const sinks = [await one.join("a"), await other.join({ pattern: "/x/*" }), await other.join([], { user: "ann" })];
    const blocked = await one.join("a", {}, { highWaterMark: 1 });
    blocked.block();
    for (const data of ["1", "2"]) {
      await other.hub.publish({ all: true }, { data });
      await all.turn();
    }
    blocked.unblock();
    const { cursor } = sinks[0] as ScriptedSink;
    await one.hub.publish({ all: true }, { data: "3" });
    await all.turn();
    const resumed = await other.join("b", {}, { lastEventId: cursor });
    expect([...sinks, blocked].map(dataOf)).toEqual(Array(4).fill(["1", "2", "3"]));
    expect(dataOf(resumed)).toEqual(["3"]);
    expect(one.hub.count({ all: true })).toBe(2);
  });
});

describe("Hub.publishAll()", () => {
  it("does not abandon what is read on another node", async () => {
    const { all, one, other } = setUp();
    const reader = await other.join("a");
    let outcome: string | undefined;
    const never = new ReadableStream();
    void one.hub.publishAll("a", never, { abandonAfter: 2000 }).then((how) => {
      outcome = how;
    });
    await all.pass(10_000);
    expect(outcome).toBeUndefined();
    reader.leave();
    await all.pass(6000);
    expect([outcome, all.clock.intervals]).toEqual(["abandoned", 0]);
  });

  it("abandons nothing while it can't ask the other nodes, says so, and asks again", async () => {
    const { all } = setUp(0);
    let isAway = true;
    const { hub, errors } = all.start((log) => withCompanionsAway(log, () => isAway));
    let outcome: string | undefined;
    void hub.publishAll("a", new ReadableStream(), { abandonAfter: 2000 }).then((how) => {
      outcome = how;
    });
    await all.pass(10_000);
    expect([outcome, new Set(errors.map(String))]).toEqual([undefined, new Set(["Error: away"])]);
    isAway = false;
    await all.pass(6000);
    expect(outcome).toBe("abandoned");
  });
});

// Helpers

function setUp(count = 2, options = {}): { all: Nodes; one: Node; other: Node } {
  const all = new Nodes(count, options);
  const [one, other] = all.nodes as [Node, Node];
  return { all, one, other };
}

/** Cuts a node off from the companions of the log: what it was reading fails, and so does all until it is on again. */
class CutOff {
  #isOff = false;
  #cut: AbortController = new AbortController();

  async off(): Promise<void> {
    this.#isOff = true;
    this.#cut.abort();
  }

  on(): void {
    this.#isOff = false;
    this.#cut = new AbortController();
  }

  wrap(log: EventLog): EventLog {
    return { ...methodsOf(log), companion: (name, retention) => this.#wrapCompanion(log.companion(name, retention)) };
  }

  #wrapCompanion(log: EventLog): EventLog {
    const tail: EventLog["tail"] = (after, signal) => this.#tail(log, { after, signal });
    return { ...methodsOf(log), tail };
  }

  async *#tail(
    log: EventLog,
    { after, signal }: { after: Parameters<EventLog["tail"]>[0]; signal: AbortSignal },
  ): ReturnType<EventLog["tail"]> extends AsyncIterable<infer T> ? AsyncGenerator<T> : never {
    if (this.#isOff) throw new Error("cut off");
    yield* log.tail(after, AbortSignal.any([signal, this.#cut.signal]));
    if (this.#isOff) throw new Error("cut off");
  }
}
