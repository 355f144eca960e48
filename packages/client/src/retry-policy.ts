import type { Disconnection } from "./connection.ts";

/** Least milliseconds between the end of a connection and the next attempt, where `floor` is not given. */
export const DEFAULT_RETRY_FLOOR = 500;

/** Most milliseconds between the end of a connection and the next attempt, where `ceiling` is not given. */
export const DEFAULT_RETRY_CEILING = 30_000;

/** Milliseconds over which the first wait is spread, where `spread` is not given; it doubles with each attempt. */
export const DEFAULT_RETRY_SPREAD = 1_000;

/** Milliseconds for which a connection must live so that attempts are counted anew, where `resetAfter` is not given. */
export const DEFAULT_RETRY_RESET_AFTER = 10_000;

/**
 * When a client tries again. The wait is the floor, or what the server asked for by `retry:` or Retry-After if that is
 * more, and a random part of a spread that doubles with each attempt; all within the ceiling. So a server whose clients
 * were all cut off at once is not met by all of them at once.
 */
export interface RetryPolicy {
  /** Least wait in ms; {@linkcode DEFAULT_RETRY_FLOOR} by default. */
  readonly floor?: number | undefined;
  /** Longest wait in ms, whatever the server asks for; {@linkcode DEFAULT_RETRY_CEILING} by default. */
  readonly ceiling?: number | undefined;
  /** Milliseconds over which the first wait is spread; {@linkcode DEFAULT_RETRY_SPREAD} by default. */
  readonly spread?: number | undefined;
  /** Milliseconds for which a connection must live to count as a success; {@linkcode DEFAULT_RETRY_RESET_AFTER} by default. */
  readonly resetAfter?: number | undefined;
  /** How many attempts in a row may fail; no limit by default. */
  readonly maxAttempts?: number | undefined;
  /** For how many ms in a row attempts may fail; no limit by default. */
  readonly maxElapsed?: number | undefined;
  /**
   * Whether an end is final. It may read the body of `disconnection.response`. {@linkcode isFinal} by default.
   */
  readonly isFinal?: ((disconnection: Disconnection) => boolean | Promise<boolean>) | undefined;
  /** A number from 0 to below 1; `Math.random` by default. */
  readonly random?: (() => number) | undefined;
}

/**
 * Which ends a client takes as final by default: a response that is no event stream, an event that is too large (it
 * would come again), and each status but those that pass: 408, 425, 429, 500, 502, 503 and 504.
 */
export function isFinal({ reason, response }: Disconnection): boolean {
  if (reason === "status") return ![408, 425, 429, 500, 502, 503, 504].includes(response?.status ?? 0);
  return reason === "content-type" || reason === "event-too-large";
}
