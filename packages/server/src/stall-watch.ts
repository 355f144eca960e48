import type { TimerWheel, WheelTimer } from "./timer-wheel.ts";
import type { Transport } from "./transport.ts";

/** Looks per `timeout`, so that a stall is found within five quarters of it. */
const LOOKS = 4;

/** Watches bytes that wait for a reader: until none does, or none has left for `timeout` ms. */
export class StallWatch {
  readonly #transport: Transport;
  readonly #wheel: TimerWheel;
  readonly #timeout: number;
  readonly #onEnd: (isStalled: boolean) => void;
  #timer: WheelTimer;
  #written = 0;
  #left: number;
  #unsent: number | undefined;
  /** When bytes were last seen to have left. */
  #progressAt: number;

  /** Begins to watch, and calls `onEnd` once, unless it is stopped. */
  constructor(transport: Transport, { wheel, timeout, onEnd }: StallWatchOptions) {
    this.#transport = transport;
    this.#wheel = wheel;
    this.#timeout = timeout;
    this.#onEnd = onEnd;
    this.#left = -transport.bufferedBytes;
    this.#unsent = transport.unsentBytes;
    this.#progressAt = wheel.now;
    // At once, for most of what waits now has left by then.
    this.#timer = wheel.add(0, this.#look);
  }

  /** Notes how many bytes more the transport was given. */
  wrote(bytes: number): void {
    this.#written += bytes;
  }

  /** Stops watching: there is no reader any more. */
  stop(): void {
    this.#wheel.delete(this.#timer);
  }

  readonly #look = (): void => {
    const { bufferedBytes, unsentBytes } = this.#transport;
    if (bufferedBytes <= 0) {
      this.#onEnd(false);
      return;
    }
    // Those that left since the watch began. What waits may be more than was given, by the framing.
    const left = this.#written - bufferedBytes;
    const { now } = this.#wheel;
    if (left > this.#left || unsentBytes !== this.#unsent) this.#progressAt = now;
    this.#left = left;
    this.#unsent = unsentBytes;
    if (now - this.#progressAt < this.#timeout) this.#timer = this.#wheel.add(this.#timeout / LOOKS, this.#look);
    else this.#onEnd(true);
  };
}

interface StallWatchOptions {
  wheel: TimerWheel;
  timeout: number;
  onEnd: (isStalled: boolean) => void;
}
