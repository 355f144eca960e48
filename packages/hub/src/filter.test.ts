import { expect, it } from "vitest";
import { Filter } from "./filter.ts";

const filterOf = (matchers: readonly string[], user?: string): Filter =>
  new Filter({ connection: "1", matchers, user, private: false, base: new URL("http://localhost") });

it("shares its topics with the next filter of the same ones, and with no other", () => {
  const both = filterOf(["a", "b"]).topics;
  expect(filterOf(["a", "b"]).topics).toBe(both);
  expect(filterOf(["a", "b"], "ann").topics).toEqual(new Set(["a", "b", "\0ann"]));
  expect(filterOf(["a", "b"], "bob").topics).toEqual(new Set(["a", "b", "\0bob"]));
  expect(filterOf(["a", "a"]).topics).toEqual(new Set(["a"]));
  expect(filterOf(["b"]).topics).toEqual(new Set(["b"]));
  expect(filterOf(["a", "b", "c"]).topics).toEqual(new Set(["a", "b", "c"]));
});

it("shares no topic that can't be one", () => {
  for (let time = 0; time < 2; time += 1) expect(() => filterOf(["a\nb"])).toThrow(TypeError);
});
