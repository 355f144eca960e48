import { describe, expect, it } from "vitest";
import { errorReporter } from "./error-reporter.ts";

describe("errorReporter()", () => {
  it("hands errors to onError, and contains what that throws (RULES B22)", () => {
    const { error: original } = console;
    const logged: unknown[] = [];
    console.error = (thrown: unknown) => void logged.push(thrown);
    try {
      const heard: unknown[] = [];
      errorReporter((error) => heard.push(error))("a");
      errorReporter(() => {
        throw "b";
      })("a");
      errorReporter()("c");
      expect(heard).toEqual(["a"]);
      expect(logged).toEqual(["b", "c"]);
    } finally {
      console.error = original;
    }
  });
});
