import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as hub from "../src/mod.ts";
import { run, setting } from "./actions.ts";
import { checkRun } from "./check-run.ts";
import { type Fault, faults } from "./faults.ts";
import { withFaultyHub } from "./load-faulty-hub.ts";
import type { HubModule } from "./model-node.ts";
import { type Property, properties, Violation } from "./violation.ts";

// The model proves something only if it finds a hub that is wrong. The same runs over hubs with one fault each, every one
// of which must be found. `UPDATE_FAULTS=1` writes the matrix of what found which.

const MATRIX = join(import.meta.dirname, "faults.md");
/** Each of them is many runs. */
const TIMEOUT = 300_000;
/** So many runs that found something show what finds it. */
const ENOUGH = 20;
const runs = fc.sample(fc.tuple(setting, run), { seed: 4, numRuns: 2000 });

describe("the model", () => {
  const found = new Map<Fault, Set<Property>>();

  it("finds nothing in the hub without a fault", { timeout: TIMEOUT }, async () => {
    expect(await violationsOf(hub)).toEqual(new Set());
  });

  it.each(faults)("finds: $name ($rule)", { timeout: TIMEOUT }, async (fault) => {
    const violations = await withFaultyHub(fault, (faulty) => violationsOf(faulty));
    found.set(fault, violations);
    expect([...violations]).not.toEqual([]);
  });

  it.runIf(process.env.UPDATE_FAULTS)("has written the matrix of all faults", () => {
    writeFileSync(MATRIX, matrixOf(found));
  });
});

// Helpers

/** The properties that did not hold, each in some run. */
async function violationsOf(under: HubModule): Promise<Set<Property>> {
  const violations = new Set<Property>();
  let count = 0;
  for (const [given, actions] of runs) {
    try {
      await checkRun(given, actions, under);
    } catch (error) {
      violations.add(error instanceof Violation ? error.property : "no error of its own");
      count += 1;
      // Runs that never come to rest take long.
      if (count === ENOUGH || violations.has("it comes to rest")) return violations;
    }
  }
  return violations;
}

function matrixOf(found: ReadonlyMap<Fault, ReadonlySet<Property>>): string {
  const rows = [...found].map(([{ name, rule }, violations]) => {
    const cells = properties.map((property) => (violations.has(property) ? "x" : " "));
    return `| ${name} (${rule}) | ${cells.join(" | ")} |`;
  });
  return `Planted faults, and the properties of the model that find them.

| fault | ${properties.join(" | ")} |
| --- |${properties.map(() => " :-: |").join("")}
${rows.join("\n")}
`;
}
