import type { Clock } from "../src/clock.ts";

/** Time that passes only where something waits for it: at once. */
export class FastClock implements Clock {
  #now = 0;
  /** How many ms each wait took. */
  readonly waits: number[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    // The looks of the watch are not waits.
    if (ms === 5_000) return () => {};
    this.waits.push(ms);
    const timer = setImmediate(() => {
      this.#now += ms;
      callback();
    });
    return () => clearImmediate(timer);
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}
