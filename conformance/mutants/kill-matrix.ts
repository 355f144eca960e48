import { isBroken } from "../src/gating-levels.ts";
import type { CaseResult } from "../src/run-case.ts";
import { randomSeed, runCases } from "../src/run-cases.ts";
import type { SelfTest } from "./mutant.ts";

/** For each case, by id, the names of the mutants that it kills. */
export type KillMatrix = Readonly<Record<string, readonly string[]>>;

/** How often each case meets each subject, each time with another seed. */
const ROUNDS = 3;

/**
 * Runs every case against every mutant and every correct subject, three times with random seeds. A kill counts if it
 * happens each time.
 *
 * @throws {Error} If a correct subject fails, naming the case and the seed.
 */
export async function killMatrix<Subject>(suite: SelfTest<Subject>): Promise<KillMatrix> {
  const kills = new Map(suite.cases.map(({ id }) => [id, new Set<string>()]));
  await each(suite.correct, suite.subjectsAtOnce, async ({ name, misses = [], attach }) => {
    const failed = (await eachRound(suite, attach, ({ verdict }) => verdict === "fail")).flat();
    const failures = failed.filter((id) => !misses.includes(id));
    if (failures.length > 0) throw new Error(`Cannot fail ${name}, which is correct: ${failures.join(", ")}`);
  });
  await each(suite.mutants, suite.subjectsAtOnce, async ({ name, attach }) => {
    const broken = await eachRound(suite, attach, isBroken);
    const [first = []] = broken;
    for (const id of first) if (broken.every((ids) => ids.includes(id))) kills.get(id)?.add(name);
  });
  return Object.fromEntries([...kills].map(([id, names]) => [id, [...names].sort()]));
}

/** What is missing in a matrix: empty when each mutant is killed by its case, and each case kills one. */
export function missingIn(
  matrix: KillMatrix,
  { cases, mutants }: Pick<SelfTest<unknown>, "cases" | "mutants">,
): string[] {
  const missing: string[] = [];
  const ids = new Set(cases.map(({ id }) => id));
  const names = new Set(mutants.map(({ name }) => name));
  for (const id of ids) if (!(matrix[id]?.length ?? 0)) missing.push(`${id} kills no mutant`);
  for (const { name, killedBy } of mutants) {
    if (!matrix[killedBy]?.includes(name)) missing.push(`${name} is not killed by ${killedBy}, the case meant for it`);
  }
  for (const [id, killed] of Object.entries(matrix)) {
    if (!ids.has(id)) missing.push(`${id} is no case any more`);
    for (const name of killed) if (!names.has(name)) missing.push(`${name} is no mutant any more`);
  }
  return missing;
}

/** Acts on each value, on so many at once. */
async function each<T>(values: readonly T[], atOnce = 1, act: (value: T) => Promise<void>): Promise<void> {
  const queue = values.values();
  const worker = async (): Promise<void> => {
    for (const value of queue) await act(value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Ids of the cases whose result is such a one, round by round. */
async function eachRound<Subject>(
  suite: SelfTest<Subject>,
  attach: SelfTest<Subject>["mutants"][number]["attach"],
  isSuch: (result: CaseResult) => boolean,
): Promise<string[][]> {
  const rounds: string[][] = [];
  while (rounds.length < ROUNDS) rounds.push((await resultsOf(suite, attach)).filter(isSuch).map(({ id }) => id));
  return rounds;
}

async function resultsOf<Subject>(
  { cases, concurrency = 1 }: SelfTest<Subject>,
  attach: SelfTest<Subject>["mutants"][number]["attach"],
): Promise<readonly CaseResult[]> {
  const attachment = await attach();
  try {
    // Without the smoke case and without what cases depend on: a mutant meets every case.
    const free = cases.map((testCase) => ({ ...testCase, run: testCase.run.bind(testCase), dependsOn: [] }));
    const { results } = await runCases(free, attachment, { seed: randomSeed(), concurrency });
    const errors = results.filter(({ verdict }) => verdict === "error");
    if (errors.length > 0) throw new Error(`Cannot judge ${attachment.name}: ${JSON.stringify(errors)}`);
    return results;
  } finally {
    await attachment.close();
  }
}
