/**
 * What one reader got of one publisher's numbered events, which were published one after the other: so each number that
 * was passed over is missing, and each that comes later is out of order. It remembers ranges, so that a reader that
 * missed a million events costs no more than one that missed one.
 */
export class DeliveryLedger {
  repeated = 0;
  reordered = 0;
  /** The number after the highest that came; `undefined` until the first, where the reader does not start at 0. */
  #next: number | undefined;
  /** Numbers passed over: from the first to before the second, in order. */
  #missing: [from: number, to: number][] = [];

  /** @param next The first number that is to come; without one, whatever comes first is taken for it. */
  constructor(next?: number) {
    this.#next = next;
  }

  /** Whether the event is new to the reader. */
  take(number: number): boolean {
    const next = this.#next ?? number;
    if (number < next) return this.#takeLate(number);
    if (number > next) this.#missing.push([next, number]);
    this.#next = number + 1;
    return true;
  }

  /** How many of the numbers below `end` never came. */
  lost(end: number): number {
    const passed = this.#missing.reduce((sum, [from, to]) => sum + to - from, 0);
    return passed + Math.max(0, end - (this.#next ?? end));
  }

  #takeLate(number: number): boolean {
    const index = this.#missing.findIndex(([from, to]) => number >= from && number < to);
    const range = this.#missing[index];
    if (range === undefined) {
      this.repeated += 1;
      return false;
    }
    this.reordered += 1;
    const [from, to] = range;
    const rest: [number, number][] = [
      [from, number],
      [number + 1, to],
    ];
    this.#missing.splice(index, 1, ...rest.filter(([start, end]) => start < end));
    return true;
  }
}
