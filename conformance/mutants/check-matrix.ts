// Each case and each mutant stands in the committed matrix, which `npm run test:long` writes.
import { readFileSync } from "node:fs";
import { type KillMatrix, missingIn } from "./kill-matrix.ts";
import { SELF_TESTS } from "./self-tests.ts";

for (const suite of SELF_TESTS) {
  const file = `${suite.area}.json`;
  const matrix = JSON.parse(readFileSync(new URL(`./matrix/${file}`, import.meta.url), "utf8")) as KillMatrix;
  for (const fault of missingIn(matrix, suite)) {
    console.log(`conformance/mutants/matrix/${file}: ${fault}: run npm run test:long -- ${suite.area}-matrix`);
    process.exitCode = 1;
  }
}
