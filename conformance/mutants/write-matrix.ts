import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { killMatrix, missingIn } from "./kill-matrix.ts";
import type { SelfTest } from "./mutant.ts";

/** Tests, at length, every case against every mutant and every correct subject, and writes the committed matrix. */
export function writeMatrix<Subject>(suite: SelfTest<Subject>, timeout = 3_600_000): void {
  it(
    `writes the matrix of ${suite.area}, in which each mutant dies by its case, and each case kills`,
    async () => {
      const matrix = await killMatrix(suite);
      writeFileSync(
        new URL(`./matrix/${suite.area}.json`, import.meta.url),
        `${JSON.stringify(matrix, undefined, 2)}\n`,
      );
      expect(missingIn(matrix, suite)).toEqual([]);
    },
    timeout,
  );
}
