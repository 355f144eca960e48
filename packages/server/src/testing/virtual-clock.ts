import type { Clock } from "../clock.ts";

/**
 * Time that stands still until a test moves it, for the option `clock`: heartbeats, ages and the ends of turns come when
 * the test says so.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/server";
 * import { VirtualClock } from "@ssekit/server/testing";
 *
 * const clock = new VirtualClock();
 * const request = new Request("http://localhost/events");
 * const answer = eventStreamResponse(request, () => {}, { clock, maxAge: 60_000, heartbeat: false });
 * clock.advance(60_000);
 * console.log(await (await answer).text()); // ": \n\n", and the end
 * ```
 */
export class VirtualClock implements Clock {
  #now = 0;
  #waiting: (() => void)[] = [];
  readonly #intervals = new Set<{ interval: number; next: number; tick: () => void }>();

  /** How many intervals run: none when no stream is open. */
  get intervals(): number {
    return this.#intervals.size;
  }

  /** Milliseconds since it was made. */
  now(): number {
    return this.#now;
  }

  /** Keeps a callback until `endTurn`. */
  afterTurn(callback: () => void): void {
    this.#waiting.push(callback);
  }

  /** Starts an interval, and gives the function that stops it. */
  every(interval: number, tick: () => void): () => void {
    const timer = { interval, next: this.#now + interval, tick };
    this.#intervals.add(timer);
    return () => void this.#intervals.delete(timer);
  }

  /** Ends the turn, and those that its callbacks ask for: what streams were given in it leaves. */
  endTurn(): void {
    while (this.#waiting.length > 0) {
      const callbacks = this.#waiting;
      this.#waiting = [];
      for (const callback of callbacks) callback();
    }
  }

  /** Ends the turn and lets so many milliseconds pass; each tick is a turn of its own. */
  advance(ms: number): void {
    this.endTurn();
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

  /** Lets time pass in which the process didn't run: each interval ticks once, late. */
  sleep(ms: number): void {
    this.endTurn();
    this.#now += ms;
    for (const timer of [...this.#intervals]) {
      timer.next = this.#now + timer.interval;
      timer.tick();
    }
    this.endTurn();
  }
}
