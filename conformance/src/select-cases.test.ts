import { describe, expect, it } from "vitest";
import type { Case } from "./case.ts";
import { matchesGlob, selectCases } from "./select-cases.ts";

const cases = [
  { id: "parse/retry/zero", since: "0.1.0" },
  { id: "parse/retry/empty", since: "0.10.0" },
  { id: "parse/id/persists", since: "0.2.0" },
  { id: "parse/id/retired", since: "0.1.0", until: "0.10.0" },
] as Case<unknown>[];

describe("selectCases()", () => {
  it.each([
    [{}, ["parse/retry/zero", "parse/retry/empty", "parse/id/persists"]],
    [{ only: ["parse/retry/"] }, ["parse/retry/zero", "parse/retry/empty"]],
    [{ only: ["parse/*/persists", "parse/retry/zero"] }, ["parse/retry/zero", "parse/id/persists"]],
    [{ skip: ["*/retry/*"] }, ["parse/id/persists"]],
    [{ only: ["parse/*"], skip: ["parse/id/persists"] }, ["parse/retry/zero", "parse/retry/empty"]],
    [{ asOf: "0.0.9" }, []],
    [{ asOf: "0.1.0" }, ["parse/retry/zero", "parse/id/retired"]],
    [{ asOf: "0.2.0" }, ["parse/retry/zero", "parse/id/persists", "parse/id/retired"]],
    [{ asOf: "0.9.9", only: ["parse/id/*"] }, ["parse/id/persists", "parse/id/retired"]],
    [{ asOf: "0.10.0" }, ["parse/retry/zero", "parse/retry/empty", "parse/id/persists"]],
  ])("takes %j", (selection, ids) => {
    expect(selectCases(cases, selection).map(({ id }) => id)).toEqual(ids);
  });
});

describe("matchesGlob()", () => {
  it.each([
    ["a/b/c", "a/b/c", true],
    ["a/b/c", "a/b", false],
    ["a/b/c", "a/b/", true],
    ["a/b/c", "*", true],
    ["a/b/c", "a*c", true],
    ["a/b/c", "a/*/d", false],
    ["ab", "ab*b", false],
    ["a.b", "a?b", false],
  ])("%s against %s: %s", (id, glob, matches) => {
    expect(matchesGlob(id, glob)).toBe(matches);
  });
});
