import fc from "fast-check";
import { expect, it } from "vitest";
import { TrimMarks } from "./trim-marks.ts";

it("says of each topic whether an entry after a position was removed (HUB B2)", () => {
  const marks = new TrimMarks(10);
  marks.set(["rare"], 1);
  marks.set(["busy", "both"], 2);
  marks.set(["busy"], 5);
  expect([marks.isAfter(["rare"], 0), marks.isAfter(["rare"], 1)]).toEqual([true, false]);
  expect([marks.isAfter(["busy"], 4), marks.isAfter(["busy"], 5)]).toEqual([true, false]);
  expect([marks.isAfter(["rare", "both"], 1), marks.isAfter(["never"], 0), marks.isAfter([], 0)]).toEqual([
    true,
    false,
    false,
  ]);
});

it("keeps the newest marks, and says yes rather than no for those it forgot", () => {
  const marks = new TrimMarks(2);
  marks.set(["a"], 1);
  marks.set(["b"], 2);
  marks.set(["a"], 3);
  marks.set(["c"], 4);
  expect([marks.isAfter(["b"], 1), marks.isAfter(["b"], 2)]).toEqual([true, false]);
  expect([marks.isAfter(["never"], 1), marks.isAfter(["never"], 2)]).toEqual([true, false]);
  expect([marks.isAfter(["a"], 2), marks.isAfter(["a"], 3)]).toEqual([true, false]);
});

it("never says no wrongly, and yes wrongly only below a forgotten mark", () => {
  const topic = fc.constantFrom("a", "b", "c", "d", "e");
  const removals = fc.array(fc.uniqueArray(topic, { minLength: 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(
      removals,
      fc.integer({ min: 1, max: 5 }),
      fc.uniqueArray(topic),
      fc.nat(20),
      (removed, max, asked, n) => {
        const marks = new TrimMarks(max);
        removed.forEach((topics, index) => {
          marks.set(topics, index + 1);
        });
        const lost = removed.some((topics, index) => index + 1 > n && topics.some((name) => asked.includes(name)));
        if (lost) expect(marks.isAfter(asked, n)).toBe(true);
        else if (new Set(removed.flat()).size <= max) expect(marks.isAfter(asked, n)).toBe(false);
      },
    ),
  );
});
