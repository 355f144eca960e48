/**
 * The last removed entry of each topic, so that a reader of a rare topic is told of no loss that it did not have (HUB B2).
 * Bounded: the topics whose mark is oldest are forgotten, and share one.
 */
export class TrimMarks {
  readonly #max: number;
  /** By topic, in the order in which they were set: the oldest comes first. */
  readonly #marks = new Map<string, number>();
  #forgotten = 0;

  /** @param max how many topics are remembered */
  constructor(max: number) {
    this.#max = max;
  }

  /** Remembers that the entry at `n`, later than all before, was removed. */
  set(topics: readonly string[], n: number): void {
    for (const topic of topics) {
      this.#marks.delete(topic);
      this.#marks.set(topic, n);
    }
    for (const [topic, mark] of this.#marks) {
      if (this.#marks.size <= this.#max) return;
      this.#marks.delete(topic);
      this.#forgotten = mark;
    }
  }

  /** Whether an entry after `n` that may belong to one of the topics was removed; never no wrongly. */
  isAfter(topics: readonly string[], n: number): boolean {
    return n < this.#forgotten || topics.some((topic) => (this.#marks.get(topic) ?? 0) > n);
  }
}
