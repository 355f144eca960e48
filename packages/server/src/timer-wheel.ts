import type { Clock } from "./clock.ts";

/** The wheel turns every so many ms: a timer is never early, and late by less than this. */
export const TIMER_PRECISION = 100;

/** 25.6 s a revolution: a heartbeat passes its slot once, and a year's timer costs one comparison each time round. */
const SLOTS = 256;

/** One timer of a wheel, to cancel it by. */
export interface WheelTimer {
  /** The tick at which it fires. */
  readonly tick: number;
  /** What it does; it doesn't throw. */
  readonly run: () => void;
}

/**
 * The timers of all streams on one interval: adding and cancelling cost the same however many there are, and a process
 * without streams has no timer at all.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots: Set<WheelTimer>[] = Array.from({ length: SLOTS }, () => new Set());
  #start = 0;
  #tick = 0;
  #size = 0;
  #stop: (() => void) | undefined;

  /** A wheel that turns by this clock. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The time of its clock, in ms. */
  get now(): number {
    return this.#clock.now();
  }

  /** Runs a function once, after `delay` ms. */
  add(delay: number, run: () => void): WheelTimer {
    if (this.#stop === undefined) {
      this.#start = this.#clock.now();
      this.#tick = 0;
      this.#stop = this.#clock.every(TIMER_PRECISION, () => this.#turn());
    }
    const due = Math.ceil((this.#elapsed + delay) / TIMER_PRECISION);
    const timer = { tick: Math.max(due, this.#tick + 1), run };
    this.#slot(timer.tick).add(timer);
    this.#size += 1;
    return timer;
  }

  /** Cancels a timer; none, and one that has fired or was cancelled, are ignored. */
  delete(timer: WheelTimer | undefined): void {
    if (timer === undefined || !this.#slot(timer.tick).delete(timer)) return;
    this.#size -= 1;
    this.#rest();
  }

  get #elapsed(): number {
    return this.#clock.now() - this.#start;
  }

  #slot(tick: number): Set<WheelTimer> {
    return this.#slots[tick % SLOTS] as Set<WheelTimer>;
  }

  #turn(): void {
    const now = Math.floor(this.#elapsed / TIMER_PRECISION);
    // After a long pause of the process one revolution passes every slot, and so every timer that is due.
    this.#tick = Math.max(this.#tick, now - SLOTS);
    while (this.#tick < now) {
      this.#tick += 1;
      for (const timer of this.#slot(this.#tick)) {
        if (timer.tick > this.#tick) continue;
        this.#slot(this.#tick).delete(timer);
        timer.run();
        // Counted until now, so that the wheel can't stop and start again under this loop.
        this.#size -= 1;
      }
    }
    this.#rest();
  }

  #rest(): void {
    if (this.#size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }
}

const wheels = new WeakMap<Clock, TimerWheel>();

/** The one wheel of a clock. */
export function wheelOf(clock: Clock): TimerWheel {
  const wheel = wheels.get(clock) ?? new TimerWheel(clock);
  wheels.set(clock, wheel);
  return wheel;
}
