import { PATIENCE } from "testing";
import { describe, expect, it } from "vitest";
import type { Case } from "../src/case.ts";
import { isBroken } from "../src/gating-levels.ts";
import { runCase } from "../src/run-case.ts";
import { runCases } from "../src/run-cases.ts";
import type { Mutant, SelfTest } from "./mutant.ts";

const { signal } = new AbortController();

/** Limit of a test, in milliseconds: above that of every case, which tells more. */
const TIMEOUT = 120_000 * PATIENCE;

/** Tests, quickly, that each mutant is killed by the case meant for it, and that the correct subjects pass every case. */
export function describeSelfTest<Subject>({ area, ...suite }: SelfTest<Subject>): void {
  describe(`the cases of ${area}`, () => {
    // These take longest, so that they begin first.
    const subject = (suite.subjectsAtOnce ?? 1) > 1 ? it.concurrent : it;
    for (const { name, oddity, misses = [], attach } of suite.correct) {
      subject(
        `pass ${name}: ${oddity}`,
        async () => {
          const attachment = await attach();
          try {
            const { smoke, concurrency = 1, costly } = suite;
            const isSpared = (id: string): boolean => !costly?.meet.includes(name) && !!costly?.cases.includes(id);
            const cases = suite.cases.filter(({ id }) => !isSpared(id));
            const { refused, results } = await runCases(cases, attachment, { seed: 1, smoke, concurrency });
            expect(refused).toBeUndefined();
            const notPassed = results.filter(({ verdict }) => ["fail", "error", "blocked"].includes(verdict));
            expect(notPassed.filter(({ id }) => !misses.includes(id))).toEqual([]);
            expect(notPassed.map(({ id }) => id)).toEqual(misses);
          } finally {
            await attachment.close();
          }
        },
        TIMEOUT,
      );
    }

    const isByTime = ({ killedBy }: Mutant<Subject>): boolean => suite.isByTime?.(killedBy) ?? false;
    const byTime = suite.mutants.filter(isByTime);
    const others = suite.mutants.filter((mutant) => !isByTime(mutant));
    describeMutants(suite.cases, others);
    if (byTime.length > 0) describe("with nothing beside it", () => describeMutants(suite.cases, byTime));
  });
}

function describeMutants<Subject>(cases: readonly Case<Subject>[], mutants: readonly Mutant<Subject>[]): void {
  for (const { name, killedBy, attach } of mutants) {
    it.concurrent(
      `kill ${name} by ${killedBy}`,
      async () => {
        const testCase = cases.find(({ id }) => id === killedBy);
        if (testCase === undefined) throw new Error(`Cannot find the case ${killedBy}: the mutant ${name} names it`);
        const attachment = await attach();
        try {
          const result = await runCase(testCase, attachment, { seed: 1, signal });
          expect(isBroken(result), JSON.stringify(result)).toBe(true);
        } finally {
          await attachment.close();
        }
      },
      TIMEOUT,
    );
  }
}
