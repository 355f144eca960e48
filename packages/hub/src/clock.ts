/** Time as a hub sees it. A test gives its own, and then nothing happens but what the test lets happen. */
export interface HubClock {
  /** Milliseconds from any fixed point on; never goes back. */
  now(): number;
  /** Calls `tick` every `interval` ms until the function that it returns is called; keeps no process alive. */
  every(interval: number, tick: () => void): () => void;
}

/** The clock of the runtime. */
export const systemClock: HubClock = {
  now: () => performance.now(),
  every(interval, tick) {
    const timer: unknown = setInterval(tick, interval);
    // Where a timer can hold a process (Node, Bun, Deno), ours must not.
    if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
    return () => clearInterval(timer as Parameters<typeof clearInterval>[0]);
  },
};
