import { UsageError } from "./usage-error.ts";

/**
 * What `run` gives. The first signal to this process aborts it, so that it ends with what it has found; a second one ends
 * the process.
 */
export async function untilSignal<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    // What was started ends too, as it does when the process exits.
    if (stop.signal.aborted) process.exit(2);
    stop.abort(new UsageError(`Stopped by ${signal}`));
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await run(stop.signal);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
