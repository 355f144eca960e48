import { type Clock, MAX_TIMER } from "./clock.ts";
import type { Disconnection } from "./connection.ts";
import {
  DEFAULT_RETRY_CEILING,
  DEFAULT_RETRY_FLOOR,
  DEFAULT_RETRY_RESET_AFTER,
  DEFAULT_RETRY_SPREAD,
  isFinal,
  type RetryPolicy,
} from "./retry-policy.ts";

/** Counts the attempts of a client, and says by its policy when the next one comes. */
export class RetryCount {
  readonly #policy: RetryPolicy;
  readonly #clock: Clock;
  readonly #floor: number;
  readonly #ceiling: number;
  #asked = 0;
  #attempt = 1;
  #failingSince: number;
  #begunAt = 0;
  #openedAt: number | undefined;

  /** @throws {RangeError} If the floor is above the ceiling, or not positive. */
  constructor(policy: RetryPolicy, clock: Clock) {
    const { floor = DEFAULT_RETRY_FLOOR, ceiling = DEFAULT_RETRY_CEILING } = policy;
    if (!(floor > 0 && floor <= ceiling && ceiling <= MAX_TIMER)) {
      throw new RangeError(`Cannot wait from ${floor} to ${ceiling} ms: give 0 < floor <= ceiling <= ${MAX_TIMER}`);
    }
    this.#policy = policy;
    this.#clock = clock;
    this.#floor = floor;
    this.#ceiling = ceiling;
    this.#failingSince = clock.now();
  }

  /** Which attempt comes next, or is under way; the first is 1. */
  get attempt(): number {
    return this.#attempt;
  }

  /** The server asks for a reconnection time, in ms. */
  askFor(ms: number): void {
    this.#asked = ms;
  }

  /** An attempt begins. */
  begin(): void {
    this.#begunAt = this.#clock.now();
  }

  /** It became a connection. */
  open(): void {
    this.#openedAt = this.#clock.now();
  }

  /** It ended. */
  end(): void {
    const now = this.#clock.now();
    const { resetAfter = DEFAULT_RETRY_RESET_AFTER } = this.#policy;
    if (this.#openedAt !== undefined && now - this.#openedAt >= resetAfter) {
      this.#attempt = 0;
      this.#failingSince = now;
    }
    this.#attempt++;
    this.#openedAt = undefined;
  }

  /** Whether that end is final, or one too many. */
  async isFinal(disconnection: Disconnection): Promise<boolean> {
    const { maxAttempts = Infinity, maxElapsed = Infinity, isFinal: decide = isFinal } = this.#policy;
    if (this.#attempt > maxAttempts || this.#clock.now() - this.#failingSince >= maxElapsed) return true;
    return decide(disconnection);
  }

  /** Milliseconds until the next attempt. */
  delayAfter({ reason, response }: Disconnection): number {
    if (reason === "reconnect" || reason === "asleep") return 0;
    const { spread = DEFAULT_RETRY_SPREAD, random = Math.random } = this.#policy;
    const asked = Math.max(this.#asked, retryAfter(response, this.#clock.now()));
    const least = Math.min(Math.max(this.#floor, asked), this.#ceiling);
    return least + random() * Math.min(spread * 2 ** Math.max(0, this.#attempt - 2), this.#ceiling - least);
  }

  /** Whether the least time has passed since the last attempt began. */
  mayHurry(): boolean {
    return this.#clock.now() - this.#begunAt >= this.#floor;
  }
}

/** What a Retry-After field asks for in ms, in either of its forms; 0 without one. */
function retryAfter(response: Response | undefined, now: number): number {
  const field = response?.headers.get("retry-after") ?? "";
  const ms = /^\d+$/.test(field) ? Number(field) * 1_000 : Date.parse(field) - now;
  return ms > 0 ? ms : 0;
}
