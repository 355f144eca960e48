import { describe, expect, it } from "vitest";
import { type Node, Nodes } from "../test/nodes.ts";
import type { ConnectionLimits } from "./admission.ts";
import { createHub } from "./create-hub.ts";
import { MAX_MATCHERS } from "./defaults.ts";

describe("limits", () => {
  it.each<[ConnectionLimits, string]>([
    [{ total: 2 }, "of the node"],
    [{ perUser: 2 }, "of a user"],
    [{ perAddress: 2 }, "of an address"],
  ])(
    "%o refuses one too many %s by a time to come back and the end, and puts nobody out (RULES B43, B44, B45)",
    async (limits) => {
      const { all, one } = setUp({ limits });
      const who = { user: "ann", address: "192.0.2.1" };
      const sinks = [await one.join("a", who), await one.join("a", who), await one.join("a", who)];
      expect(sinks.map(({ closeReason }) => closeReason)).toEqual([undefined, undefined, "drain"]);
      expect([sinks[2]?.head, sinks[2]?.writes]).toEqual(["held", []]);
      sinks[0]?.leave();
      expect((await one.join("a", who)).closeReason).toBeUndefined();
      expect([one.hub.count(), one.errors, (await all.log.head()).n]).toEqual([2, [], 0]);
    },
  );

  it("are of each user and address apart, and of those without one not at all", async () => {
    const { one } = setUp({ limits: { perUser: 1, perAddress: 1 } });
    const given = [{ user: "ann", address: "1" }, { user: "bob", address: "2" }, {}, {}];
    for (const who of given) expect((await one.join("a", who)).closeReason).toBeUndefined();
    expect((await one.join("a", { user: "cat", address: "2" })).closeReason).toBe("drain");
    // One refused by its address takes no place of its user.
    expect((await one.join("a", { user: "cat", address: "3" })).closeReason).toBeUndefined();
  });

  it("count those who are still coming in, and let go of those whose subscription fails", async () => {
    const { one } = setUp({ limits: { total: 1 } });
    const authorize = (): never => {
      throw new Error("away");
    };
    await expect(one.join("a", { authorize })).rejects.toThrow("away");
    const [first, second] = await Promise.all([one.join("a"), one.join("a")]);
    expect([first.closeReason, second.closeReason]).toEqual([undefined, "drain"]);
  });

  it("of matchers are the caller's to keep: the sink is left as it was (RULES B45)", async () => {
    const { one } = setUp();
    const matchers = Array.from({ length: MAX_MATCHERS + 1 }, (_, index) => `${index}`);
    await expect(one.join(matchers)).rejects.toThrow(RangeError);
    expect((await one.join(matchers.slice(1))).head).toBe("open");
  });

  it.each([{ total: -1 }, { perUser: Number.NaN }])("can't be %o", (limits) => {
    expect(() => createHub({ limits })).toThrow(RangeError);
  });
});

// Helpers

function setUp(options = {}): { all: Nodes; one: Node } {
  const all = new Nodes(1, options);
  return { all, one: all.nodes[0] as Node };
}
