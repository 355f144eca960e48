/** Calls back in a macrotask: `setImmediate` where there is one, else a `MessageChannel`. */
interface MacrotaskScope {
  setImmediate?: ((callback: () => void) => unknown) | undefined;
  MessageChannel: typeof MessageChannel;
}

/**
 * Calls back in a macrotask, after the turn that asked. All callbacks of one turn share one macrotask, in the order in
 * which they were given; they must not throw. What they ask for in their turn comes a macrotask later.
 *
 * A microtask would batch nothing: it runs between two events that arrived together (HUB C2: 1.00 publishes a write,
 * against 59).
 */
export const afterTurn: (callback: () => void) => void = createAfterTurn(globalThis);

/** Makes the `afterTurn` of a scope. */
export function createAfterTurn(scope: MacrotaskScope): (callback: () => void) => void {
  let waiting: (() => void)[] = [];
  const enqueue = macrotaskQueue(scope, () => {
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
  });
  return (callback) => {
    if (waiting.push(callback) === 1) enqueue();
  };
}

function macrotaskQueue({ setImmediate, MessageChannel }: MacrotaskScope, run: () => void): () => void {
  if (setImmediate !== undefined) return () => setImmediate(run);
  // Not setTimeout(0): nested timers are clamped to 4 ms.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = run;
  (port1 as { unref?(): void }).unref?.();
  return () => port2.postMessage(null);
}
