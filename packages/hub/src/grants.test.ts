import { describe, expect, it } from "vitest";
import { dataOf, type Node, Nodes, typesOf } from "../test/nodes.ts";
import { MAX_MATCHERS } from "./defaults.ts";
import type { Grants } from "./grants.ts";
import { ScriptedSink } from "./scripted-sink.ts";

describe("authorize", () => {
  it("says what a connection gets, also of what is replayed (RULES B33)", async () => {
    const { one } = setUp();
    const { hub, join } = one;
    const start = await hub.cursor();
    for (const topic of ["a", "b"]) await hub.publish(topic, { data: topic });
    await hub.publish("a", { data: "secret" }, { private: true });
    const of = (grants: Grants): Promise<ScriptedSink> =>
      join(["a", "b"], { authorize: async () => grants }, { lastEventId: start });
    expect(dataOf(await of({}))).toEqual(["a", "b"]);
    expect(dataOf(await of({ matchers: "b" }))).toEqual(["b"]);
    expect(dataOf(await of({ matchers: [{ pattern: "*" }], private: true }))).toEqual(["a", "b", "secret"]);
  });

  it("answers 403 to one that may get nothing, which must not come back; 200 and the end where the head has left", async () => {
    const { one } = setUp();
    const refused = await one.join("a", { authorize: () => undefined });
    const late = new ScriptedSink();
    late.open();
    await one.hub.subscribe(late, "a", { authorize: () => undefined });
    expect([refused.head, late.closeReason, one.hub.count()]).toEqual([403, "revoked", 0]);
  });

  it("is asked again at the interval, spread by chance, and closes as revoked whom it gives nothing any more", async () => {
    const { all, one } = setUp({ reauthorizeInterval: 10_000 });
    let grants: Grants | undefined = {};
    const asked: number[] = [];
    const authorize = (): Grants | undefined => {
      asked.push(all.clock.now());
      return grants;
    };
    const sinks = [];
    for (let count = 0; count < 20; count += 1) sinks.push(await one.join("a", { authorize }));
    await all.pass(11_000);
    expect([asked.length, new Set(asked.slice(20)).size > 1]).toEqual([40, true]);
    expect(Math.min(...asked.slice(20))).toBeGreaterThanOrEqual(7500);
    grants = undefined;
    await all.pass(11_000);
    expect(sinks.map(({ closeReason }) => closeReason)).toEqual(Array(20).fill("revoked"));
  });

  it("is asked on demand, on every node, and its answer holds from the current position on (HUB B9, RULES B33)", async () => {
    const { all, one, other } = setUp();
    let grants: Grants = {};
    const sink = await other.join("a", { user: "ann", authorize: () => grants });
    const publish = async (topic: string, data: string, options = {}): Promise<void> => {
      await one.hub.publish(topic, { data }, options);
      await all.turn();
    };
    await publish("a", "1");
    await publish("b", "before");
    await publish("a", "withheld", { private: true });
    grants = { matchers: ["a", { pattern: "/b" }], private: true };
    await one.hub.reauthorize({ user: "ann" });
    await all.turn();
    await publish("b", "2");
    await publish("a", "3", { private: true });
    grants = { matchers: "b" };
    await one.hub.reauthorize();
    await all.turn();
    await publish("a", "not");
    await publish("b", "4");
    expect(dataOf(sink)).toEqual(["1", "2", "3", "4"]);
    // What grants withhold is not loss.
    expect(typesOf(sink)).not.toContain("ssekit.gap");
    expect([other.hub.count("a"), other.hub.count("b"), other.hub.count({ user: "ann" })]).toEqual([0, 1, 1]);
  });

  it("is not asked again of one who was not answered for yet", async () => {
    const { all, one } = setUp({ reauthorizeInterval: 4000 });
    let asked = 0;
    const authorize = (): Grants | Promise<Grants> => {
      asked += 1;
      return asked === 1 ? {} : new Promise(() => {});
    };
    await one.join("a", { authorize });
    await all.pass(20_000);
    expect(asked).toBe(2);
  });

  it("may give no more matchers than a subscription may have (RULES B45)", async () => {
    const { all, one } = setUp();
    let matchers = ["a"];
    const sink = await one.join("a", { authorize: () => ({ matchers }) });
    matchers = Array.from({ length: MAX_MATCHERS + 1 }, (_, index) => `${index}`);
    await one.hub.reauthorize();
    await all.turn();
    expect([sink.closeReason, one.errors]).toEqual(["drain", [expect.any(RangeError)]]);
  });

  it("may give back what it took", async () => {
    const { all, one } = setUp();
    let grants: Grants = {};
    const sink = await one.join(["a", "b"], { authorize: () => grants });
    for (const given of [{ matchers: "b" }, {}]) {
      grants = given;
      await one.hub.reauthorize();
      await all.turn();
      await one.hub.publish("a", { data: JSON.stringify(given) });
      await all.turn();
    }
    expect(dataOf(sink)).toEqual(["{}"]);
  });

  it("holds for a reader who is catching up: what it is given next is by the new grants", async () => {
    const { all, one } = setUp({ windowBytes: 1 });
    let grants: Grants = {};
    const sink = await one.join(["a", "b"], { authorize: () => grants }, { highWaterMark: 1 });
    sink.block();
    for (const topic of ["a", "b", "a", "b"]) {
      await one.hub.publish(topic, { data: topic });
      await all.turn();
    }
    grants = { matchers: "b" };
    await one.hub.reauthorize();
    await all.turn();
    sink.unblock();
    await all.turn();
    expect(dataOf(sink)).toEqual(["a", "b", "b"]);
  });

  it("ends a stream whose remaining topics have ended", async () => {
    const { all, one } = setUp();
    let grants: Grants = {};
    const sink = await one.join(["a", "b"], { authorize: () => grants });
    await one.hub.end("a");
    await all.turn();
    grants = { matchers: "a" };
    await one.hub.reauthorize();
    await all.turn();
    expect(sink.closeReason).toBe("end");
  });

  it("does not end a stream before the end that its blocked reader is still owed", async () => {
    const { all, one } = setUp();
    const sink = await one.join("a", { authorize: () => ({}) }, { highWaterMark: 1 });
    sink.block();
    for (const data of ["1", "2"]) {
      await one.hub.publish("a", { data });
      await all.turn();
    }
    await one.hub.end("a");
    await all.turn();
    await one.hub.reauthorize();
    await all.turn();
    expect(sink.closeReason).toBeUndefined();
    sink.unblock();
    await all.turn();
    expect([dataOf(sink), sink.closeReason]).toEqual([["1", "2"], "end"]);
  });

  it.each(["resolve", "ends"] as const)(
    "answers 204 to one whose topics change, while it comes in, to those that have ended (RULES B14): at %s",
    async (at) => {
      const { join } = startJudging(at, { before: { matchers: "a" }, after: { matchers: "b" } });
      const sink = await join("after the end");
      expect(sink.head).toBe(204);
    },
  );

  it("gives one that is judged again while it comes in what came before the end (RULES B14)", async () => {
    const { join } = startJudging("resolve", { before: { matchers: ["a", "b"] }, after: { matchers: "b" } });
    const sink = await join("before the end");
    expect([dataOf(sink), sink.closeReason]).toEqual([["last"], "end"]);
  });

  it("is not asked any more once the hub is closed", async () => {
    const { all, one } = setUp();
    await one.join("a", { authorize: () => ({}) });
    expect(all.clock.intervals).toBe(1);
    await one.hub.close();
    expect(all.clock.intervals).toBe(0);
  });

  it("sends who can't be judged to come back, and tells nobody but onError (RULES B22)", async () => {
    const { all, one } = setUp();
    let fails = false;
    const authorize = (): Grants => {
      if (fails) throw new Error("away");
      return {};
    };
    const [sink, fellow] = [await one.join("a", { authorize }), await one.join("a")];
    fails = true;
    await one.hub.reauthorize();
    await all.turn();
    await one.hub.publish("a", { data: "1" });
    await all.turn();
    expect([sink.closeReason, dataOf(fellow), one.errors]).toEqual(["drain", ["1"], [new Error("away")]]);
    const late = new ScriptedSink();
    await expect(one.hub.subscribe(late, "a", { authorize })).rejects.toThrow("away");
    expect(late.closeReason).toBe("error");
  });

  it("is not asked for one that has left, also before it was taken in (RULES B17)", async () => {
    const { all, one } = setUp();
    let asked = 0;
    const authorize = (): Grants => {
      asked += 1;
      return {};
    };
    const gone = new ScriptedSink();
    gone.leave();
    await one.hub.subscribe(gone, "a", { authorize });
    (await one.join("a", { authorize })).leave();
    await one.hub.reauthorize();
    await all.turn();
    expect(asked).toBe(1);
  });

  it("counts the judgement that was begun last, in whatever order they end", async () => {
    const { all, one } = setUp();
    const answers: ((grants: Grants) => void)[] = [];
    let first = true;
    const authorize = (): Grants | Promise<Grants> => {
      if (!first) return new Promise((resolve) => void answers.push(resolve));
      first = false;
      return {};
    };
    await one.join("a", { authorize });
    await one.hub.reauthorize();
    await one.hub.reauthorize();
    await all.turn();
    answers[1]?.({ matchers: "newer" });
    answers[0]?.({ matchers: "older" });
    await all.turn();
    expect([one.hub.count("newer"), one.hub.count("older")]).toEqual([1, 0]);
  });
});

// Helpers

/** A node on whose log a reader who comes in is judged again while the log is asked so; of its topics `b` has ended. */
function startJudging(
  at: "resolve" | "ends",
  { before, after }: Record<"before" | "after", Grants>,
): { join: (where: "before the end" | "after the end") => Promise<ScriptedSink> } {
  const all = new Nodes(0);
  let grants = before;
  const { hub, join } = all.start((log) => ({
    ...log,
    resolve: (cursor) => judgeAgain("resolve").then(() => log.resolve(cursor)),
    ends: (topics) => judgeAgain("ends").then(() => log.ends(topics)),
  }));
  async function judgeAgain(asked: typeof at): Promise<void> {
    if (asked !== at || grants === after) return;
    grants = after;
    await hub.reauthorize();
    await all.turn();
  }
  return {
    async join(where) {
      const start = await hub.cursor();
      await hub.publish("b", { data: "last" });
      const end = await hub.end("b");
      const lastEventId = where === "before the end" ? start : end;
      return join("a", { authorize: () => grants }, { lastEventId });
    },
  };
}

function setUp(options = {}): { all: Nodes; one: Node; other: Node } {
  const all = new Nodes(2, options);
  const [one, other] = all.nodes as [Node, Node];
  return { all, one, other };
}
