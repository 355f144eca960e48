import { clearInterval, setInterval } from "node:timers";

/** How a watch learns of changes. */
export interface ChangeWatchInit {
  /** A number that differs once another process has committed. */
  readonly version: () => number;
  /** Milliseconds between two looks at it. */
  readonly interval: number;
}

/** Wakes those who wait for the file to change. It looks only while somebody waits, on one timer, unref'd. */
export class ChangeWatch {
  readonly #init: ChangeWatchInit;
  readonly #waiting = new Map<() => void, (error: unknown) => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  /** What was seen last; a change since then wakes, also one that came while nobody waited. */
  #version: number;

  constructor(init: ChangeWatchInit) {
    this.#init = init;
    this.#version = init.version();
  }

  /** Fulfils when something was committed, or the signal aborts; rejects when the file can't be read. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        if (this.#waiting.size === 0) this.#rest();
        resolve();
      };
      this.#waiting.set(wake, reject);
      signal.addEventListener("abort", wake);
      this.#timer ??= setInterval(() => this.#look(), this.#init.interval).unref();
    });
  }

  /** Wakes everybody: this process has committed, or closes the file. */
  wake(): void {
    for (const wake of [...this.#waiting.keys()]) wake();
  }

  #look(): void {
    try {
      const version = this.#init.version();
      if (version === this.#version) return;
      this.#version = version;
      this.wake();
    } catch (error) {
      const failing = [...this.#waiting.values()];
      this.wake();
      for (const reject of failing) reject(error);
    }
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
