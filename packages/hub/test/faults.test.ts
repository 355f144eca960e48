import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faults } from "./faults.ts";
import { properties } from "./violation.ts";

// The faults themselves take minutes to run: `faults.long.test.ts`. What can rot meanwhile is checked here.

const source = join(import.meta.dirname, "../src");
const [header, , ...rows] = readFileSync(join(import.meta.dirname, "faults.md"), "utf8")
  .trim()
  .split("\n")
  .slice(2)
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe("the planted faults", () => {
  it.each(faults)("can be planted: $name ($rule)", ({ file, find, replace }) => {
    expect(readFileSync(join(source, file), "utf8").split(find).length).toBe(2);
    expect(find).not.toBe(replace);
  });

  it("have each been found by the model, by the properties that it has now", () => {
    expect(header?.slice(1)).toEqual([...properties]);
    expect(rows.map(([name]) => name)).toEqual(faults.map(({ name, rule }) => `${name} (${rule})`));
    for (const [name, ...cells] of rows) expect(cells, name).toContain("x");
  });
});
