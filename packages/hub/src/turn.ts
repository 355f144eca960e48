/** Runs a task at the end of the current turn, once. */
export type Scheduler = (task: () => void) => void;

interface Unrefable {
  unref?(): void;
}

/**
 * The scheduler of this runtime. A turn is a macrotask, for a microtask batches nothing: of 64 publishers who posted at
 * once it joined 1.00 publishes, a macrotask 59 (HUB C2).
 */
export function turnScheduler(): Scheduler {
  const { setImmediate } = globalThis as { setImmediate?: Scheduler };
  return setImmediate === undefined ? channelScheduler() : (task) => setImmediate(task);
}

/** Where there is no `setImmediate`: a message to ourselves, which no runtime delays as it does nested timers. */
export function channelScheduler(): Scheduler {
  const { port1, port2 } = new MessageChannel();
  const tasks: (() => void)[] = [];
  port1.onmessage = () => tasks.shift()?.();
  // A port that listens would keep some runtimes alive.
  (port1 as Unrefable).unref?.();
  return (task) => {
    tasks.push(task);
    port2.postMessage(undefined);
  };
}
