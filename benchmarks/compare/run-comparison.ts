import type { Comparison, Result, Sample, Unit } from "./comparison.ts";
import { machine, versionsOf } from "./machine.ts";

/** How a comparison is run. */
export interface RunOptions {
  /** How many rounds at most. */
  readonly rounds: number;
  /** No round begins that would end later, by `performance.now()`, if it takes as long as the last one; the first always does. */
  readonly deadline: number;
  /** Told before each unit runs. */
  onProgress(line: string): void;
}

/** A unit that takes longer is ended, and has failed in this round. */
const UNIT_TIMEOUT = 90_000;

/**
 * Runs every unit once a round, one after the other, each round in another random order: the machine's speed drifts, and
 * only figures of the same round are divided by each other.
 */
export async function runComparison(comparison: Comparison, options: RunOptions): Promise<Result> {
  const { units, rounds: _, minutes: __, ...rest } = comparison;
  const samples: Record<string, Record<string, (number | null)[]>> = {};
  const failures: string[] = [];
  let rounds = 0;
  let lastRound = 0;
  const fits = (): boolean => rounds === 0 || performance.now() + lastRound <= options.deadline;
  for (; rounds < options.rounds && fits(); rounds += 1) {
    const began = performance.now();
    const taken: Sample[] = [];
    for (const unit of shuffled(units)) {
      options.onProgress(`${comparison.name}, round ${rounds + 1} of ${options.rounds}: ${unit.name}`);
      taken.push(...(await runUnit(unit, failures)));
    }
    for (const { row, column, values } of taken) {
      samples[row] ??= {};
      samples[row][column] ??= [];
      const kept = samples[row][column];
      // Where it failed in a round before, its later figures must still stand beside those of the same round.
      while (kept.length < rounds * values.length) kept.push(null);
      kept.push(...values);
    }
    lastRound = performance.now() - began;
  }
  return {
    ...rest,
    date: new Date().toISOString().slice(0, 10),
    machine,
    versions: versionsOf(),
    rounds,
    samples,
    failures,
  };
}

async function runUnit(unit: Unit, failures: string[]): Promise<readonly Sample[]> {
  try {
    return await unit.run(AbortSignal.timeout(UNIT_TIMEOUT));
  } catch (error) {
    const reason = (error as Error).name === "AbortError" ? `took longer than ${UNIT_TIMEOUT / 1000} s` : String(error);
    failures.push(`${unit.name}: ${reason}`);
    return [];
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
