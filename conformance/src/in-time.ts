import { beforeAbort } from "./run-case.ts";

/** Milliseconds that a subject has to start, a virtual machine included, and then to stop. */
export const START_DEADLINE = 30_000;
export const STOP_DEADLINE = 10_000;

/** What `make` gives, if that comes within so many milliseconds. */
export async function inTime<T>(make: () => T | Promise<T>, milliseconds: number): Promise<T> {
  const limit = new AbortController();
  const late = new Error(`it came to no end within ${milliseconds / 1000} s`);
  // Not by AbortSignal.timeout(): where nothing else is waited for, its timer doesn't keep the process.
  const timer = setTimeout(() => limit.abort(late), milliseconds);
  try {
    return await beforeAbort((async () => await make())(), limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
