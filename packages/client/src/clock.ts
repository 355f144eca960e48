/** Time as a client sees it. A test gives its own, and then nothing happens but what the test lets happen. */
export interface Clock {
  /** Milliseconds since the epoch, on a clock that goes on while the machine sleeps. */
  now(): number;
  /** Calls back once after so many milliseconds, 2 147 483 647 at most, unless what it returns is called before. */
  after(ms: number, callback: () => void): () => void;
}

/** The longest time that a timer takes, in ms: it fires at once if it is given more (RULES A15). */
export const MAX_TIMER = 2_147_483_647;

/** The clock of the runtime. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
