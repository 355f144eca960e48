/** How many values fell into each stretch between fixed bounds, since the hub was created. */
export interface Histogram {
  /** The upper bounds, rising; a value that equals one lies below it. */
  readonly bounds: readonly number[];
  /** How many values lie up to the first bound, above it up to the second, and so on; the last: above the last bound. */
  readonly counts: readonly number[];
  /** How many values there were. */
  readonly count: number;
  /** Their sum. */
  readonly sum: number;
}

/** Counts values for a {@linkcode Histogram}. */
export class HistogramCounter {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = [...bounds, 0].fill(0);
  }

  add(value: number): void {
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const index = found === -1 ? this.#bounds.length : found;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count += 1;
    this.#sum += value;
  }

  read(): Histogram {
    return { bounds: [...this.#bounds], counts: [...this.#counts], count: this.#count, sum: this.#sum };
  }
}
