import { DEFAULT_MAX_LAG_AGE, DEFAULT_MAX_LAG_BYTES } from "./defaults.ts";

/**
 * What happens to a reader that is further behind than it may be:
 * - `catch-up`: nothing; it gets everything, at its own pace;
 * - `skip-to-latest`: a gap of reason `skipped`, then the newest event that it matches;
 * - `latest-per-key`: the last event of each `key` that was published, in the order of the log, and all without one;
 * - `disconnect`: its response ends as `overflow`; it loses nothing, for it resumes.
 */
export type WhenBehind = "catch-up" | "skip-to-latest" | "latest-per-key" | "disconnect";

const POLICIES: readonly WhenBehind[] = ["catch-up", "skip-to-latest", "latest-per-key", "disconnect"];

/** How far behind a reader may be. */
export interface MaxLag {
  /** Bytes that it may be owed. Default: 1 MiB. */
  bytes?: number;
  /** Milliseconds for which it may be owed anything, since it came or fell behind. Default: 30 s. */
  age?: number;
}

/** When a policy acts. */
export class LagPolicy {
  readonly whenBehind: WhenBehind;
  readonly #bytes: number;
  readonly #age: number;

  constructor(whenBehind: WhenBehind, { bytes = DEFAULT_MAX_LAG_BYTES, age = DEFAULT_MAX_LAG_AGE }: MaxLag = {}) {
    for (const [name, value] of Object.entries({ bytes, age })) {
      if (!(value >= 0)) throw new RangeError(`Cannot subscribe with maxLag.${name} ${value}: give a number from 0 on`);
    }
    if (!POLICIES.includes(whenBehind)) {
      const shown = JSON.stringify(whenBehind);
      throw new TypeError(`Cannot subscribe with whenBehind ${shown}: give one of ${POLICIES.join(", ")}`);
    }
    this.whenBehind = whenBehind;
    this.#bytes = bytes;
    this.#age = age;
  }

  /** Whether it skips something of what is owed. */
  get skips(): boolean {
    return this.whenBehind === "skip-to-latest" || this.whenBehind === "latest-per-key";
  }

  /** Whether this is too far behind: bytes owed, and milliseconds since the first of them was. */
  isPassedBy(bytes: number, age: number): boolean {
    return bytes > this.#bytes || (bytes > 0 && age > this.#age);
  }
}

/** What most readers have, once for all of them. */
const CATCH_UP = new LagPolicy("catch-up");

/** The policy of these options. */
export function lagPolicyOf(whenBehind: WhenBehind = "catch-up", maxLag?: MaxLag): LagPolicy {
  return whenBehind === "catch-up" && maxLag === undefined ? CATCH_UP : new LagPolicy(whenBehind, maxLag);
}
