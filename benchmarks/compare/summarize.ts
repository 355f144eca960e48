import type { Goal, Result } from "./comparison.ts";

/** The middle of some figures, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  /** Half of the distance between the quartiles. */
  readonly spread: number;
}

/** What a goal came to. */
export interface GoalResult extends Spread {
  readonly goal: Goal;
  readonly met: boolean;
}

/** A row's figures in one column. */
export function figuresOf(result: Result, row: string, column: string): Spread | undefined {
  return spreadOf(valuesOf(result, row, column));
}

/** How many times the figure of its base a row's is, round by round; nothing for one without a base, or that is its own. */
export function ratioToBase(result: Result, row: string, column: string): Spread | undefined {
  const base = result.rows.find(({ name }) => name === row)?.base?.[column];
  return base === undefined || base === row
    ? undefined
    : spreadOf(ratios(valuesOf(result, row, column), valuesOf(result, base, column)));
}

/** The goals of which something was measured. */
export function judgeGoals(result: Result): GoalResult[] {
  return result.goals.flatMap((goal) => {
    const { row, column, thanRow, thanColumn, atMost = Infinity, atLeast = -Infinity } = goal;
    const own = valuesOf(result, row, column);
    const alone = thanRow === undefined && thanColumn === undefined;
    const values = alone ? own : ratios(own, valuesOf(result, thanRow ?? row, thanColumn ?? column));
    const spread = spreadOf(values);
    if (spread === undefined) return [];
    const judged = goal.always ? values.filter((value) => value !== null) : [spread.median];
    return [{ goal, ...spread, met: judged.every((value) => value <= atMost && value >= atLeast) }];
  });
}

type Values = readonly (number | null)[];

function valuesOf({ samples }: Result, row: string, column: string): Values {
  return samples[row]?.[column] ?? [];
}

function ratios(values: Values, others: Values): Values {
  return values.map((value, round) => {
    const other = others[round];
    return value === null || other === null || other === undefined ? null : value / other;
  });
}

function spreadOf(values: Values): Spread | undefined {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  return { median: quantile(sorted, 0.5), spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 };
}

function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}
