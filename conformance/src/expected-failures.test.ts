import { describe, expect, it } from "vitest";
import { expectationOf, parseExpectedFailures, unknownEntries, updatedExpectations } from "./expected-failures.ts";

describe("parseExpectedFailures()", () => {
  it("takes ids and globs with reasons", () => {
    const expected = parseExpectedFailures('{ "a/b/*": { "reason": "x" }, "a/b/c": { "reason": "y", "flaky": true } }');
    expect(expectationOf("a/b/c", expected)?.reason).toBe("y");
    expect(expectationOf("a/b/d", expected)?.reason).toBe("x");
    expect(expectationOf("a/c/d", expected)).toBeUndefined();
    expect(expectationOf("toString", expected)).toBeUndefined();
  });

  it.each([
    ["[]", "it is no JSON object"],
    ["{", "it is no JSON ("],
    ['{ "a": true }', "the entry a has no reason"],
    ['{ "a": null }', "the entry a has no reason"],
  ])("refuses %s", (text, message) => {
    expect(() => parseExpectedFailures(text)).toThrow(message);
  });
});

describe("unknownEntries()", () => {
  it("names entries that no case falls under", () => {
    const expected = { "a/b/*": { reason: "x" }, "a/gone/c": { reason: "y" } };
    expect(unknownEntries(expected, ["a/b/c"])).toEqual(["a/gone/c"]);
  });
});

describe("updatedExpectations()", () => {
  it("keeps what still fails, was not run or is flaky, drops what passed or is unknown, and adds what is new", () => {
    const expected = {
      "a/b/fails": { reason: "1" },
      "a/b/passes": { reason: "2" },
      "a/b/not-run": { reason: "3" },
      "a/b/flaky": { reason: "4", flaky: true },
      "a/gone/x": { reason: "5" },
    };
    const known = ["a/b/fails", "a/b/passes", "a/b/not-run", "a/b/flaky", "a/b/new"];
    const ran = known.filter((id) => id !== "a/b/not-run");
    const updated = updatedExpectations(expected, { failed: ["a/b/fails", "a/b/new"], ran, known });
    expect(Object.keys(updated)).toEqual(["a/b/fails", "a/b/flaky", "a/b/new", "a/b/not-run"]);
    expect(updated["a/b/fails"]).toEqual({ reason: "1" });
  });
});
