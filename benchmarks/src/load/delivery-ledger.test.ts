import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryLedger } from "./delivery-ledger.ts";

function countsOf(ledger: DeliveryLedger, end: number) {
  return { lost: ledger.lost(end), repeated: ledger.repeated, reordered: ledger.reordered };
}

describe("DeliveryLedger", () => {
  it("finds nothing wrong with each event once and in order", () => {
    const ledger = new DeliveryLedger(0);
    for (const number of [0, 1, 2]) expect(ledger.take(number)).toBe(true);
    expect(countsOf(ledger, 3)).toEqual({ lost: 0, repeated: 0, reordered: 0 });
  });

  it("counts what was passed over and what never came", () => {
    const ledger = new DeliveryLedger(0);
    for (const number of [1, 4]) ledger.take(number);
    expect(countsOf(ledger, 7)).toEqual({ lost: 5, repeated: 0, reordered: 0 });
  });

  it("counts an event that comes late as out of order, not as lost", () => {
    const ledger = new DeliveryLedger(0);
    for (const number of [0, 3, 1, 2]) ledger.take(number);
    expect(countsOf(ledger, 4)).toEqual({ lost: 0, repeated: 0, reordered: 2 });
  });

  it("counts an event that comes again", () => {
    const ledger = new DeliveryLedger(0);
    ledger.take(0);
    expect(ledger.take(0)).toBe(false);
    expect(countsOf(ledger, 1)).toEqual({ lost: 0, repeated: 1, reordered: 0 });
  });

  it("begins where its reader began", () => {
    const ledger = new DeliveryLedger();
    expect(ledger.lost(9)).toBe(0);
    ledger.take(5);
    expect(countsOf(ledger, 7)).toEqual({ lost: 1, repeated: 0, reordered: 0 });
  });

  it("agrees with a list of all that came", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12)), fc.nat(14), (numbers, more) => {
        const end = Math.max(0, ...numbers.map((number) => number + 1)) + more;
        const ledger = new DeliveryLedger(0);
        for (const number of numbers) ledger.take(number);
        const seen = new Set<number>();
        const expected = { lost: 0, repeated: 0, reordered: 0 };
        let highest = -1;
        for (const number of numbers) {
          if (seen.has(number)) expected.repeated += 1;
          else if (number < highest) expected.reordered += 1;
          seen.add(number);
          highest = Math.max(highest, number);
        }
        expected.lost = end - seen.size;
        expect(countsOf(ledger, end)).toEqual(expected);
      }),
    );
  });
});
