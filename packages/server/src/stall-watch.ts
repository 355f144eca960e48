import type { TimerWheel, WheelTimer } from "./timer-wheel.ts";
import type { Transport } from "./transport.ts";

/** Looks per `timeout`, so that a stall is found within five quarters of it. */
const LOOKS = 4;

/** Finds the reader that takes nothing: bytes wait for it, and for `timeout` ms none has left. */
export class StallWatch {
  readonly #transport: Transport;
  readonly #wheel: TimerWheel;
  readonly #timeout: number;
  readonly #onStall: () => void;
  #timer: WheelTimer | undefined;
  #written = 0;
  #left = 0;
  #unsent: number | undefined;
  #looks = 0;

  /** Watches for `timeout` ms, 0 for never, and calls `onStall` once. */
  constructor(transport: Transport, { wheel, timeout, onStall }: StallWatchOptions) {
    this.#transport = transport;
    this.#wheel = wheel;
    this.#timeout = timeout;
    this.#onStall = onStall;
  }

  /** Notes how many bytes the transport was given, and watches if some of what it has wait. */
  wrote(bytes: number): void {
    this.#written += bytes;
    if (this.#timer !== undefined || this.#timeout === 0 || this.#transport.bufferedBytes <= 0) return;
    this.#looks = 0;
    this.#note();
    this.#wait();
  }

  /** Stops watching: there is no reader any more. */
  stop(): void {
    if (this.#timer !== undefined) this.#wheel.delete(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer = this.#wheel.add(this.#timeout / LOOKS, () => this.#look());
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#transport.bufferedBytes <= 0) return;
    this.#looks = this.#note() ? 0 : this.#looks + 1;
    if (this.#looks < LOOKS) this.#wait();
    else this.#onStall();
  }

  /** Whether bytes have left since the last time. What waits may be more than was given, by the framing. */
  #note(): boolean {
    const { bufferedBytes, unsentBytes } = this.#transport;
    const left = this.#written - bufferedBytes;
    const progress = left > this.#left || unsentBytes !== this.#unsent;
    this.#left = left;
    this.#unsent = unsentBytes;
    return progress;
  }
}

interface StallWatchOptions {
  wheel: TimerWheel;
  timeout: number;
  onStall: () => void;
}
