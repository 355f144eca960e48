import { clearTimeout, setTimeout } from "node:timers";

/** How long something may take. */
export interface Limits {
  /** Milliseconds. */
  readonly ms: number;
  /** The error that says so. */
  readonly late: () => Error;
  /** Ends the wait sooner. */
  readonly signal?: AbortSignal;
}

/** Gives what a promise gives; rejects when that takes too long, or the signal aborts. */
export function within<T>(work: Promise<T>, { ms, late, signal }: Limits): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal?.reason);
    const timer = setTimeout(() => reject(late()), ms);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    work.then(resolve, reject).finally(settle);
  });
}
