import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { methodsOf, type Node, Nodes, withCompanionsAway } from "../test/nodes.ts";
import type { ScriptedSink } from "./scripted-sink.ts";

describe("Hub.users()", () => {
  it("gives the users of all nodes and how many connections each has, a tick later (RULES B41)", async () => {
    const { all, one, other } = setUp();
    await one.join("a", { user: "ann" });
    const second = await other.join("a", { user: "ann" });
    await other.join("a", { user: "bob" });
    await other.join("a");
    expect([...(await other.hub.users())]).toEqual([
      ["ann", 1],
      ["bob", 1],
    ]);
    await all.pass(1000);
    for (const { hub } of [one, other]) expect(await usersOf(hub)).toEqual({ ann: 2, bob: 1 });
    second.leave();
    await all.pass(1000);
    expect(await usersOf(one.hub)).toEqual({ ann: 1, bob: 1 });
  });

  it("tells a node that comes later at once, from what is kept", async () => {
    const { all, one } = setUp();
    await one.join("a", { user: "ann" });
    await all.pass(60_000, 1000);
    expect(await usersOf(all.start().hub)).toEqual({ ann: 1 });
  });

  it("forgets the users of a node that was killed, by lease, and keeps those of one that lives (RULES B41)", async () => {
    const { all, one } = setUp();
    await one.join("a", { user: "ann" });
    let isKilled = false;
    const killed = all.start((log) => ({
      ...log,
      companion: (name, retention) => {
        const companion = log.companion(name, retention);
        return {
          append: (entries) => (isKilled ? new Promise(() => {}) : companion.append(entries)),
          head: () => companion.head(),
          floor: () => companion.floor(),
          read: (after, maxBytes) => companion.read(after, maxBytes),
          tail: (after, signal) => companion.tail(after, signal),
        } as typeof companion;
      },
    }));
    await killed.join("a", { user: "zoe" });
    await all.pass(1000);
    expect(await usersOf(one.hub)).toEqual({ ann: 1, zoe: 1 });
    isKilled = true;
    await all.pass(20_000, 1000);
    expect(await usersOf(one.hub)).toEqual({ ann: 1, zoe: 1 });
    await all.pass(12_000, 1000);
    expect(await usersOf(one.hub)).toEqual({ ann: 1 });
    await all.pass(60_000, 1000);
    expect(await usersOf(one.hub)).toEqual({ ann: 1 });
  });

  it("does not take the last word of a killed node for news, however long nothing else was said", async () => {
    const all = new Nodes(0);
    let isKilled = false;
    const killed = all.start((log) => ({
      ...log,
      companion: (name, retention) => {
        const companion = methodsOf(log.companion(name, retention));
        return {
          ...companion,
          append: (entries) => (isKilled ? new Promise<never>(() => {}) : companion.append(entries)),
        };
      },
    }));
    await killed.join("a", { user: "zoe" });
    await all.pass(1000);
    isKilled = true;
    await all.pass(3_600_000, 60_000);
    expect(await usersOf(all.start().hub)).toEqual({});
  });

  it("are those that can be read, where the store has lost the newest of what it had", async () => {
    const { all, one } = setUp();
    await one.join("a", { user: "ann" });
    await all.pass(1000);
    const late = all.start((log) => ({
      ...methodsOf(log),
      companion: (name, retention) => {
        const companion = methodsOf(log.companion(name, retention));
        return { ...companion, head: async () => ({ n: (await companion.head()).n + 5, cursor: "#lost" }) };
      },
    }));
    expect(await usersOf(late.hub)).toEqual({ ann: 1 });
  });

  it("forgets the users of a node that closed at once", async () => {
    const { all, one, other } = setUp();
    await one.hub.users();
    await other.join("a", { user: "bob" });
    await all.pass(1000);
    expect(await usersOf(one.hub)).toEqual({ bob: 1 });
    await other.hub.close();
    await all.turn();
    expect(await usersOf(one.hub)).toEqual({});
  });

  it("forgets one that left within the tick in which its node told all (RULES B41)", async () => {
    const { all, one, other } = setUp();
    const ann = await other.join("a", { user: "ann", presence: true });
    await other.join("a", { user: "bob" });
    ann.leave();
    await all.pass(1000);
    expect(await one.hub.users()).toEqual(new Map([["bob", 1]]));
  });

  it("counts nobody whose node stopped hearing the log while they came (RULES B39)", async () => {
    const { all } = setUp();
    let comes = (): void => {};
    const coming = new Promise<void>((resolve) => {
      comes = resolve;
    });
    const node = all.start((log) => ({
      ...methodsOf(log),
      // The tail breaks when the place of the newcomer is known.
      tail: async function* (after, signal) {
        await coming;
        if (!signal.aborted) throw new Error("broken");
        yield* log.tail(after, signal);
      },
      ends: async (topics) => {
        comes();
        return log.ends(topics);
      },
    }));
    const sink = await node.join("a", { user: "ann" });
    await all.pass(1000);
    expect([sink.closeReason, await node.hub.users()]).toEqual(["error", new Map()]);
  });

  it("costs nothing in the log of the events, and no timer where nobody has a name (HUB B8)", async () => {
    const { all, one, other } = setUp();
    await one.join("a");
    await all.pass(2000);
    expect(all.clock.intervals).toBe(0);
    for (let count = 0; count < 50; count += 1) (await other.join("a", { user: `u${count}` })).leave();
    await all.pass(2000);
    expect((await all.log.head()).n).toBe(0);
    for (const { hub } of all.nodes) await hub.close();
    expect(all.clock.intervals).toBe(0);
  });

  it("tells all again once it can, where the log was away", async () => {
    const { all, one } = setUp();
    let isAway = false;
    const node = all.start((log) => withCompanionsAway(log, () => isAway));
    await one.hub.users();
    isAway = true;
    await expect(node.hub.users()).rejects.toThrow("away");
    isAway = false;
    expect(await usersOf(node.hub)).toEqual({});
    const ann = await node.join("a", { user: "ann" });
    await all.pass(1000);
    isAway = true;
    ann.leave();
    await node.join("a", { user: "bob" });
    // A change could not be told at first, then neither could all.
    await all.pass(3000);
    isAway = false;
    await all.pass(1000);
    expect([await usersOf(one.hub), node.errors.length]).toEqual([{ bob: 1 }, 3]);
  });
});

describe("a subscription with presence", () => {
  it("gets all who are there first, then what has changed, without an id (HUB B8, RULES B8)", async () => {
    const { all, one, other } = setUp();
    await other.join("a", { user: "ann" });
    await all.pass(1000);
    const watcher = await one.join("a", { presence: true });
    const { cursor } = watcher;
    const second = await other.join("a", { user: "ann" });
    const bob = await one.join("a", { user: "bob" });
    await all.pass(1000);
    bob.leave();
    second.leave();
    await all.pass(1000);
    await all.pass(5000);
    expect(presenceOf(watcher)).toEqual([
      { users: ["ann"] },
      { joined: ["bob"], left: [] },
      { joined: [], left: ["bob"] },
    ]);
    expect([watcher.cursor, watcher.text.match(/^id:/gm)?.length]).toEqual([cursor, 1]);
  });

  it("is told of one who left and came back within a tick, in which the watcher came (RULES B41)", async () => {
    const { all, one } = setUp();
    const [ann] = [await one.join("a", { user: "ann" }), await one.join("a", { presence: true })];
    await all.pass(1000);
    ann.leave();
    const watcher = await one.join("a", { presence: true });
    await one.join("a", { user: "ann" });
    await all.pass(1000);
    expect(presenceOf(watcher)).toEqual([{ users: ["ann"] }]);
  });

  it("gets a thousand comings of one tick in one event, whose bytes all who watch share (HUB B8)", async () => {
    const { all, one } = setUp();
    const [watcher, fellow] = [await one.join("a", { presence: true }), await one.join("b", { presence: true })];
    const before = watcher.writes.length;
    const sinks: ScriptedSink[] = [];
    for (let count = 0; count < 1000; count += 1) sinks.push(await one.join([], { user: `u${count}` }));
    await all.pass(1000);
    expect(watcher.writes.length).toBe(before + 1);
    expect(watcher.writes.at(-1)).toBe(fellow.writes.at(-1));
    expect(presenceOf(watcher).at(-1)).toMatchObject({ joined: { length: 1000 } });
  });

  it("keeps the others told where a watcher's sink throws, and tells that one no more (RULES B22)", async () => {
    const { all, one } = setUp();
    const [broken, fellow] = [await one.join("a", { presence: true }), await one.join("a", { presence: true })];
    let writes = 0;
    broken.write = () => {
      writes += 1;
      throw new Error("broken");
    };
    for (const user of ["ann", "bob"]) {
      await one.join([], { user });
      await all.pass(1000);
    }
    expect(presenceOf(fellow).slice(1)).toMatchObject([{ joined: ["ann"] }, { joined: ["bob"] }]);
    expect([writes, one.errors]).toEqual([1, [new Error("broken")]]);
  });

  it("is not even looked at once it has left", async () => {
    const { all, one } = setUp();
    const watcher = await one.join("a", { presence: true });
    watcher.leave();
    let looks = 0;
    Object.defineProperty(watcher, "desiredSize", {
      get: () => {
        looks += 1;
        return 0;
      },
    });
    await one.join([], { user: "ann" });
    await all.pass(1000);
    expect(looks).toBe(0);
  });

  it("costs a blocked reader nothing but a note: it is told all anew when it can take it (RULES B20)", async () => {
    const { all, one } = setUp();
    const watcher = await one.join("a", { presence: true }, { highWaterMark: 1 });
    watcher.block();
    for (const user of ["ann", "bob", "cat"]) {
      await one.join([], { user });
      await all.pass(1000);
    }
    const written = watcher.writes.length;
    watcher.unblock();
    await all.pass(1000);
    expect(watcher.writes.length).toBe(written + 1);
    expect(presenceOf(watcher).at(-1)).toEqual({ users: ["ann", "bob", "cat"] });
  });
});

describe("presence", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ join: fc.nat(2), user: fc.constantFrom("ann", "bob", "cat") }) },
    { weight: 3, arbitrary: fc.record({ leave: fc.nat(20) }) },
    { weight: 3, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ kill: fc.nat(2) }) },
  );

  it("is what is, on every node, once all have had a lease's time, whatever came, went and was killed (RULES B41)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const all = new Nodes(0);
        const start = (): { node: Node; sinks: [ScriptedSink, string][]; kill: () => void } => {
          const killed = new AbortController();
          const never = new Promise<never>(() => {});
          const node = all.start((log) => ({
            ...log,
            companion: (name, retention) => {
              const companion = methodsOf(log.companion(name, retention));
              return {
                ...companion,
                append: (entries) => (killed.signal.aborted ? never : companion.append(entries)),
              };
            },
          }));
          return { node, sinks: [], kill: () => killed.abort() };
        };
        const living = [start(), start(), start()];
        const seen: ScriptedSink = await (living[0] as ReturnType<typeof start>).node.join("a", { presence: true });
        for (const taken of steps) {
          if ("join" in taken) {
            const { node, sinks } = living[taken.join] as ReturnType<typeof start>;
            sinks.push([await node.join("a", { user: taken.user }), taken.user]);
          } else if ("leave" in taken) {
            const one = living[taken.leave % 3] as ReturnType<typeof start>;
            one.sinks.splice(taken.leave % 7, 1)[0]?.[0].leave();
          } else if ("pass" in taken) {
            await all.pass(taken.pass * 500, 500);
          } else if (taken.kill > 0) {
            living[taken.kill]?.kill();
            living[taken.kill] = start();
          }
        }
        await all.pass(45_000, 1000);
        const users = living.flatMap(({ sinks }) => sinks.map(([, user]) => user));
        const truth = Object.fromEntries(
          [...new Set(users)].map((user) => [user, users.filter((u) => u === user).length]),
        );
        for (const { node } of living) expect(await usersOf(node.hub)).toEqual(truth);
        expect([...watchedOf(seen)].sort()).toEqual(Object.keys(truth).sort());
      }),
    );
  }, 60_000);
});

// Helpers

/** Who is there, as a reader puts it together. */
function watchedOf(sink: ScriptedSink): Set<string> {
  let users = new Set<string>();
  for (const told of presenceOf(sink) as { users?: string[]; joined?: string[]; left?: string[] }[]) {
    if (told.users !== undefined) users = new Set(told.users);
    for (const user of told.joined ?? []) users.add(user);
    for (const user of told.left ?? []) users.delete(user);
  }
  return users;
}

function setUp(): { all: Nodes; one: Node; other: Node } {
  const all = new Nodes(2);
  const [one, other] = all.nodes as [Node, Node];
  return { all, one, other };
}

async function usersOf(hub: Node["hub"]): Promise<unknown> {
  return Object.fromEntries(await hub.users());
}

function presenceOf(sink: ScriptedSink): unknown[] {
  return sink.events.filter(({ type }) => type === "ssekit.presence").map(({ data }) => JSON.parse(data));
}
