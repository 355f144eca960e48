import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import { type FailureKind, type Failures, failureKind } from "./failure.ts";

/** What is measured as a distribution, in microseconds. */
export const distributions = ["head", "firstEvent", "delivery", "gap", "stream"] as const;
/** A distribution's name. */
export type Distribution = (typeof distributions)[number];

/** What is counted. */
export interface Counters {
  /** Readers whose first stream began. */
  opened: number;
  /** Streams that ended as their framing says. */
  ended: number;
  /** Connections that this tool closed and opened again. */
  churned: number;
  events: number;
  /** Bytes of bodies, without HTTP's framing. */
  bytes: number;
  comments: number;
  /** Published events, of readers that read all: those that never came, came again, came out of order. */
  lost: number;
  repeated: number;
  reordered: number;
  /** Readers that this happened to. */
  disordered: number;
}

/** A tally as plain data, which one thread sends another. */
export interface TallyData {
  readonly counters: Counters;
  readonly histograms: Readonly<Record<Distribution, string>>;
  readonly failures: readonly Failures[];
}

const MAX_MICROSECONDS = 3_600_000_000;

/** What the readers of one thread saw, and the sum of such. */
export class Tally {
  readonly counters: Counters = {
    opened: 0,
    ended: 0,
    churned: 0,
    events: 0,
    bytes: 0,
    comments: 0,
    lost: 0,
    repeated: 0,
    reordered: 0,
    disordered: 0,
  };
  readonly histograms: Readonly<Record<Distribution, Histogram>> = Object.fromEntries(
    distributions.map((name) => [name, newHistogram()]),
  ) as Record<Distribution, Histogram>;
  readonly #failures = new Map<FailureKind, { count: number; example: string }>();

  get failures(): readonly Failures[] {
    return [...this.#failures].map(([kind, { count, example }]) => ({ kind, count, example }));
  }

  /** @param milliseconds At least a microsecond is recorded, at most an hour. */
  record(name: Distribution, milliseconds: number): void {
    const microseconds = Math.round(milliseconds * 1000);
    this.histograms[name].recordValue(Math.min(Math.max(microseconds, 1), MAX_MICROSECONDS));
  }

  fail(error: unknown): void {
    this.#addFailures({ kind: failureKind(error), count: 1, example: (error as Error).message });
  }

  toData(): TallyData {
    const encoded = distributions.map((name) => [name, encodeIntoCompressedBase64(this.histograms[name])]);
    return {
      counters: this.counters,
      histograms: Object.fromEntries(encoded) as Record<Distribution, string>,
      failures: this.failures,
    };
  }

  /** Takes in what another thread's readers saw. */
  add({ counters, histograms, failures }: TallyData): void {
    for (const name of Object.keys(counters) as (keyof Counters)[]) this.counters[name] += counters[name];
    for (const name of distributions) this.histograms[name].add(decodeFromCompressedBase64(histograms[name]));
    for (const failure of failures) this.#addFailures(failure);
  }

  #addFailures({ kind, count, example }: Failures): void {
    const known = this.#failures.get(kind);
    if (known === undefined) this.#failures.set(kind, { count, example });
    else known.count += count;
  }
}

function newHistogram(): Histogram {
  return build({ highestTrackableValue: MAX_MICROSECONDS, numberOfSignificantValueDigits: 3, useWebAssembly: false });
}
