import { expect, it } from "vitest";
import { Filter } from "./filter.ts";

const filterOf = (...matchers: string[]): Filter =>
  new Filter({ connection: "1", matchers, user: undefined, private: false, base: new URL("http://localhost") });

it("shares its topics with a filter of the same ones, and with no other", () => {
  const both = filterOf("a", "b").topics;
  expect(filterOf("b", "a").topics).toBe(both);
  expect(filterOf("a", "a").topics).toEqual(new Set(["a"]));
  expect(filterOf("b").topics).toEqual(new Set(["b"]));
  expect(filterOf("a", "b", "c").topics).toEqual(new Set(["a", "b", "c"]));
});
