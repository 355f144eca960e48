import type { Clock } from "../src/clock.ts";

/** Time that a test moves by hand. */
export class HandClock implements Clock {
  #now = 0;
  readonly #timers = new Map<() => void, number>();
  #heard: () => void = () => {};

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = (): void => callback();
    this.#timers.set(timer, this.#now + ms);
    this.#heard();
    return () => this.#timers.delete(timer);
  }

  /** How many ms are left until each timer, in the order in which they were set. */
  get waits(): number[] {
    return [...this.#timers.values()].map((at) => at - this.#now);
  }

  /** Fulfils once a timer is set. */
  async waiting(): Promise<void> {
    while (this.#timers.size === 0) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Lets time pass; all that is due comes at its end where the machine `slept`. */
  pass(ms: number, { slept = false }: { slept?: boolean } = {}): void {
    const end = this.#now + ms;
    if (slept) this.#now = end;
    for (;;) {
      const [due] = [...this.#timers].filter(([, at]) => at <= end).sort((a, b) => a[1] - b[1]);
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1]);
      due[0]();
    }
    this.#now = end;
  }
}
