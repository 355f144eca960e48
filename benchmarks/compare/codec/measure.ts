/** One program of a comparison. What it returns, a count of events, must not depend on the program. */
export interface Contender {
  readonly name: string;
  run(): number | Promise<number>;
}

/** A line of the result: how many times as fast as another program our own is, by round. */
export interface Ratios {
  /** Names its row in `codec-rows.ts`. */
  readonly id: string;
  readonly ratios: readonly number[];
}

/** How it is measured. */
export interface MeasureOptions {
  /** Gives milliseconds: wall time by default. */
  readonly clock?: () => number;
  /** 15 by default. */
  readonly rounds?: number;
  /** How long the quickest contender runs in each round, in milliseconds: 4 by default. */
  readonly span?: number;
}

const ROUNDS = 15;
const WARM_UP_ROUNDS = 2;
const MIN_MILLISECONDS = 4;

/**
 * Runs the contenders in turn, round after round, and returns for each but the first how many times as fast as it
 * the first one was, by round.
 *
 * The machine's speed drifts, so only times of one round are compared. Each round begins with another contender, and
 * each time spans some ms, with the garbage collections that fall into it.
 */
export async function ratiosOfFirst(
  contenders: readonly Contender[],
  events: number,
  { clock = () => performance.now(), rounds = ROUNDS, span = MIN_MILLISECONDS }: MeasureOptions = {},
): Promise<number[][]> {
  const samples = contenders.map((): number[] => []);
  let repetitions = 1;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + round + WARM_UP_ROUNDS) % contenders.length;
      const time = await timeOf(contenders[index] as Contender, { repetitions, events, clock });
      if (round >= 0) samples[index]?.push(time);
      else repetitions = Math.max(repetitions, Math.min(1000, Math.ceil((repetitions * span) / time)));
    }
  }
  const [first, ...others] = samples as [number[], ...number[][]];
  return others.map((times) => times.map((time, round) => time / (first[round] as number)));
}

async function timeOf(
  contender: Contender,
  { repetitions, events, clock }: { repetitions: number; events: number; clock: () => number },
): Promise<number> {
  const start = clock();
  for (let i = 0; i < repetitions; i++) {
    const count = contender.run();
    const counted = typeof count === "number" ? count : await count;
    // Also keeps the work alive: a program whose result is not used may be optimized away.
    if (counted !== events) throw new Error(`Cannot compare ${contender.name}: it counted ${counted}, not ${events}`);
  }
  return (clock() - start) / repetitions;
}

/** The middle one of some values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** The geometric mean of several rows' ratios, by round. */
export function geometricMean(rows: readonly Ratios[]): number[] {
  const [{ ratios } = { ratios: [] }] = rows;
  return ratios.map((_, round) => {
    const sum = rows.reduce((sum, row) => sum + Math.log(row.ratios[round] as number), 0);
    return Math.exp(sum / rows.length);
  });
}

/** Prints the rows: medians, or for `codecs.ts` all of them as JSON. */
export function report(rows: readonly Ratios[]): void {
  if (process.argv.includes("--json")) console.log(JSON.stringify(rows));
  else for (const { id, ratios } of rows) console.log(`${id.padEnd(24)} ${median(ratios).toFixed(2).padStart(6)}`);
}
