import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as hub from "../src/mod.ts";
import { run, setting } from "./actions.ts";
import { checkRun } from "./check-run.ts";

// Three nodes on one log, in memory or a store that loses what it acknowledged; tails that lag, replies that are lost;
// readers who block, are slow, are cut inside a block, and come back to any node; retention by bytes and age; nodes that
// restart or die. Whatever happens in whatever order, what a reader got is the log after its cursor, by its matchers and
// grants, or it was told of a gap. Half of the readers ignore ids in blocks without data, as Firefox does.

/** A run takes some milliseconds; on a machine that is busy with much else, far more. */
const timeout = 300 * (fc.readConfigureGlobal().numRuns ?? 100);

describe("delivery", () => {
  it("gives each reader the log after its cursor, by its matchers and grants, or tells a gap (DESIGN.md 4.2, 4.3)", {
    timeout,
  }, async () => {
    const seen = new Map<string, number>();
    const count = (what: string, by = 1): unknown => seen.set(what, (seen.get(what) ?? 0) + by);
    await fc.assert(
      fc.asyncProperty(setting, run, async (given, actions) => {
        for (const { causes, unprovable, reader } of await checkRun(given, actions, hub)) {
          for (const cause of causes) count(`gap: ${cause}`);
          count("unprovable", unprovable);
          count("message", reader.events.filter(({ type }) => type === "message").length);
          count("resumed", reader.connections - 1);
        }
      }),
    );
    if (process.env.SHOW_COUNTS) console.log(Object.fromEntries(seen));
    // The property is worth something only where much happens.
    expect(Math.min(...["message", "resumed", "gap: loss"].map((what) => seen.get(what) ?? 0))).toBeGreaterThan(50);
  });
});
