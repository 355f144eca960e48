import type { Clock } from "../src/clock.ts";

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now = 0;
  #waiting: (() => void)[] = [];
  readonly #intervals = new Set<{ interval: number; next: number; tick: () => void }>();

  /** How many intervals run. */
  get intervals(): number {
    return this.#intervals.size;
  }

  now(): number {
    return this.#now;
  }

  afterTurn(callback: () => void): void {
    this.#waiting.push(callback);
  }

  every(interval: number, tick: () => void): () => void {
    const timer = { interval, next: this.#now + interval, tick };
    this.#intervals.add(timer);
    return () => void this.#intervals.delete(timer);
  }

  /** Ends the turn, and those that its callbacks ask for. */
  endTurn(): void {
    while (this.#waiting.length > 0) {
      const callbacks = this.#waiting;
      this.#waiting = [];
      for (const callback of callbacks) callback();
    }
  }

  /** Lets time pass; each tick is a turn of its own. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [first] = [...this.#intervals].sort((a, b) => a.next - b.next);
      if (first === undefined || first.next > end) break;
      this.#now = first.next;
      first.next += first.interval;
      first.tick();
      this.endTurn();
    }
    this.#now = end;
  }

  /** Lets time pass in which the process didn't run, so that each interval ticks once, late. */
  sleep(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#intervals]) {
      timer.next = this.#now + timer.interval;
      timer.tick();
    }
    this.endTurn();
  }
}
