import type { Publish } from "./publish-on-schedule.ts";
import type { RequestTarget } from "./request-target.ts";

/** What kind of load is made. */
export type Profile = "fan-out" | "storm" | "slow" | "churn" | "tokens" | "finite";

/** What {@linkcode measureLoad} is asked. Times in milliseconds, sizes in bytes. */
export interface LoadOptions {
  readonly target: RequestTarget;
  readonly profile: Profile;
  /** Readers at once. */
  readonly connections: number;
  /** How many of them may be connecting at once. */
  readonly inFlight: number;
  /** How long it is measured once all are connected. */
  readonly duration: number;
  /** How long a head may take. */
  readonly timeout: number;
  /** How long the last events may take at the end: to be published if the server is slow to accept them, and to come. */
  readonly settle: number;
  /** How to publish; without it only what the server sends by itself is measured. */
  readonly publish: Publish | undefined;
  /** Events published a second, by all publishers. */
  readonly rate: number;
  readonly publishers: number;
  /** Size of a published event's data. */
  readonly size: number;
  /** Share of the readers that stop reading, 0 to 1. */
  readonly slow: number;
  /** Readers that break off and come back, a second. */
  readonly churn: number;
  /** Threads of readers. */
  readonly threads: number;
  /** Events that each finite stream has; others count as cut. */
  readonly expectEvents: number | undefined;
}

/** What each profile is for, and where its defaults differ from those of `fan-out`. */
export const profiles: Readonly<Record<Profile, { summary: string; defaults: Partial<LoadOptions> }>> = {
  "fan-out": { summary: "readers stay, and get what is published", defaults: {} },
  storm: {
    summary: "all readers connect at once",
    defaults: { connections: 1000, inFlight: Infinity, duration: 1000 },
  },
  slow: { summary: "some readers stop reading; do the others suffer?", defaults: { slow: 0.1 } },
  churn: { summary: "readers break off and resume by Last-Event-ID all the time", defaults: { churn: 20 } },
  tokens: {
    summary: "streams that end, opened again and again: a language model's answers",
    defaults: { connections: 20 },
  },
  finite: {
    summary: "streams that end, requested as fast as they come (by autocannon)",
    defaults: { connections: 20 },
  },
};

/** The defaults of every profile. */
export const DEFAULT_LOAD: Omit<LoadOptions, "target" | "profile" | "publish"> = {
  connections: 100,
  inFlight: 256,
  duration: 10_000,
  timeout: 10_000,
  settle: 5000,
  rate: 10,
  publishers: 1,
  size: 200,
  slow: 0,
  churn: 0,
  threads: 1,
  expectEvents: undefined,
};
