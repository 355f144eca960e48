import type { Clock } from "./clock.ts";

/** How late in ms a timer of a visible page comes at least when the machine slept, and how often that is looked at. */
const SLEPT = 15_000;
const LOOK_EVERY = 5_000;

/** What a watch is told, and tells. */
export interface WatchOptions {
  readonly clock: Clock;
  /** Milliseconds without a beat; 0 for no limit. */
  readonly idleTimeout: number;
  onIdle(): void;
  onSlept(): void;
}

/**
 * Notices that nothing has come for too long, and that the machine slept: then connections that look open are dead. It
 * is one timer, however many bytes come.
 */
export class Watch {
  readonly #options: WatchOptions;
  #beatAt = 0;
  #cancel: () => void = () => {};

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Begins to watch, anew if it did. Only a connection can be idle, a wait can't. */
  start({ idle }: { idle: boolean }): void {
    this.stop();
    this.#beatAt = this.#options.clock.now();
    this.#look(idle ? this.#options.idleTimeout : 0);
  }

  /** Ends the watch. */
  stop(): void {
    this.#cancel();
  }

  #look(idleTimeout: number): void {
    const { clock, onIdle, onSlept } = this.#options;
    const lookedAt = clock.now();
    const left = idleTimeout > 0 ? this.#beatAt + idleTimeout - lookedAt : LOOK_EVERY;
    const wait = Math.max(0, Math.min(left, LOOK_EVERY));
    this.#cancel = clock.after(wait, () => {
      const now = clock.now();
      if (now - lookedAt - wait >= SLEPT && !isHidden()) onSlept();
      else if (idleTimeout > 0 && now - this.#beatAt >= idleTimeout) onIdle();
      else this.#look(idleTimeout);
    });
  }
}

/** Timers of a hidden page come late though nothing slept. */
function isHidden(): boolean {
  return (globalThis as { document?: Document }).document?.visibilityState === "hidden";
}
