import { describe, expect, it } from "vitest";
import { reportTo } from "./report-to.ts";

describe("reportTo()", () => {
  it("hands errors to onError, and contains what that throws (RULES B22)", () => {
    const { error: original } = console;
    const logged: unknown[] = [];
    console.error = (thrown: unknown) => void logged.push(thrown);
    try {
      const heard: unknown[] = [];
      reportTo((error) => void heard.push(error), "a");
      reportTo(() => {
        throw "b";
      }, "a");
      reportTo(undefined, "c");
      expect(heard).toEqual(["a"]);
      expect(logged).toEqual(["b", "c"]);
    } finally {
      console.error = original;
    }
  });
});
