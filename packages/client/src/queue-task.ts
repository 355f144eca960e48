interface TaskScope {
  setImmediate?: (callback: () => void) => unknown;
}

/** Calls back in a task of its own, after all that were queued before, and after their microtasks. */
export const queueTask: (callback: () => void) => void = (globalThis as TaskScope).setImmediate ?? postTask();

/** Fulfils in a task of its own, after all that were queued before. */
export function nextTask(): Promise<void> {
  return new Promise<void>((resolve) => queueTask(resolve));
}

/** Not setTimeout: browsers clamp nested timers to 4 ms, and those of a hidden page to a second. */
function postTask(): (callback: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const callbacks: (() => void)[] = [];
  port1.onmessage = () => callbacks.shift()?.();
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(null);
  };
}
