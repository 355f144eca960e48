import type { HubClock } from "./clock.ts";

/**
 * Time that stands still until a test moves it, for `createHub({ clock })`.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { ManualClock } from "@ssekit/hub/testing";
 *
 * const clock = new ManualClock();
 * const hub = createHub({ clock });
 * clock.advance(60_000);
 * await hub.close();
 * ```
 */
export class ManualClock implements HubClock {
  #now = 0;
  readonly #intervals = new Set<{ readonly interval: number; next: number; readonly tick: () => void }>();

  /** How many intervals run. */
  get intervals(): number {
    return this.#intervals.size;
  }

  /** Milliseconds since it was made. */
  now(): number {
    return this.#now;
  }

  /** Starts an interval, and gives the function that stops it. */
  every(interval: number, tick: () => void): () => void {
    const timer = { interval, next: this.#now + interval, tick };
    this.#intervals.add(timer);
    return () => void this.#intervals.delete(timer);
  }

  /** Lets so many milliseconds pass: each interval ticks when it is due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [first] = [...this.#intervals].sort((a, b) => a.next - b.next);
      if (first === undefined || first.next > end) break;
      this.#now = first.next;
      first.next += first.interval;
      first.tick();
    }
    this.#now = end;
  }
}
