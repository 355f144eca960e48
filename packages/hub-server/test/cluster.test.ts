import { describeWith } from "testing";
import { expect, it } from "vitest";
import { runCluster } from "./run-cluster.ts";

/** After a rollback a gap may be told to a reader who missed nothing, and to no other (DESIGN 4.3). */
const rightAfterRollback = { lost: 0, repeated: 0, reordered: 0, appendedTwice: 0 };
const right = { ...rightAfterRollback, falseGaps: 0 };

describeWith("redis-server", "two hub servers on one Redis", (redis) => {
  it("lose, repeat and reorder nothing for 1,000 readers, though a node, a tail and a reply fail (HUB C5)", async () => {
    const verdict = await runCluster({
      seed: 1,
      nodes: 2,
      subscribers: 1000,
      redis,
      faults: ["slow tail", "kill -9", "lost reply"],
    });
    console.log(JSON.stringify(verdict));
    expect(verdict).toMatchObject({ ...right, gaps: 0, takenBack: 0 });
    expect(verdict.deliveries).toBeGreaterThan(10_000);
  }, 300_000);

  it("tell readers what a restored copy took back, and repeat nothing (HUB A3)", async () => {
    const verdict = await runCluster({ seed: 5, nodes: 2, subscribers: 100, redis, faults: ["restored copy"] });
    console.log(JSON.stringify(verdict));
    expect(verdict).toMatchObject(rightAfterRollback);
    expect(verdict.takenBack).toBeGreaterThan(0);
    expect(verdict.gaps).toBeGreaterThan(0);
  }, 300_000);
});

it("two hub servers on one file lose, repeat and reorder nothing (HUB A8)", async () => {
  const faults = ["readers move", "kill -9"] as const;
  const verdict = await runCluster({ seed: 4, nodes: 2, subscribers: 200, faults });
  console.log(JSON.stringify(verdict));
  expect(verdict).toMatchObject({ ...right, gaps: 0, takenBack: 0 });
}, 300_000);
