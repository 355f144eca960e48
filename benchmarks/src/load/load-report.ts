import type { Histogram } from "hdr-histogram-js";
import { adviceOn, type Failures } from "./failure.ts";
import type { ReaderSample } from "./load-messages.ts";
import type { LoadOptions, Profile } from "./load-options.ts";
import { LATE, type Published } from "./publish-on-schedule.ts";
import type { Tally } from "./tally.ts";

/** Percentiles of one distribution, in milliseconds. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What a load run found; `--json` prints it. Times in milliseconds, sizes in bytes. */
export interface LoadReport {
  readonly version: 1;
  readonly url: string;
  readonly profile: Profile;
  /** When it began, as ISO 8601. */
  readonly startedAt: string;
  /** How long it was measured, without connecting. */
  readonly duration: number;
  /** Which part measured: readers of our own, or autocannon. */
  readonly measuredBy: "raw readers" | "autocannon";
  /** Why the run ended before its time; `undefined` for a whole one. */
  readonly partial: string | undefined;
  readonly connections: {
    readonly asked: number;
    readonly opened: number;
    readonly perSecond: number;
    /** Milliseconds until the last head. */
    readonly last: number;
    readonly ended: number;
    readonly churned: number;
    /** Readers that stopped reading once they were connected. */
    readonly stalled: number;
  };
  readonly head: Summary | undefined;
  readonly firstEvent: Summary | undefined;
  /** Time between two events of one stream. */
  readonly gap: Summary | undefined;
  /** Length of streams that ended. */
  readonly stream: Summary | undefined;
  readonly events: { readonly received: number; readonly perSecond: number };
  readonly bytes: { readonly received: number; readonly perSecond: number };
  /** What was published and what became of it; `undefined` where nothing was. */
  readonly delivery:
    | {
        readonly published: number;
        readonly failed: number;
        /** How many the publisher did not get round to. */
        readonly unsent: number;
        readonly lost: number;
        readonly repeated: number;
        readonly reordered: number;
        /** How many readers lost events, or got them twice or out of order. */
        readonly disordered: number;
        /** From the moment an event was due to be published until a reader had it. */
        readonly latency: Summary | undefined;
        /** How far the publisher fell behind its schedule at most. */
        readonly behind: number;
      }
    | undefined;
  readonly failures: readonly (Failures & { readonly advice: string | undefined })[];
  /** What the tool says of itself; where it was the bottleneck, the figures are a lower bound of the server's. */
  readonly tool: {
    /** Share of the second busiest second in which a thread of readers worked, and of the time of connecting. */
    readonly utilization: number;
    readonly connectUtilization: number;
    readonly bottleneck: string | undefined;
  };
  /** One sample a second. */
  readonly samples: readonly ReaderSample[];
}

/** A thread that works for this share of a second adds delay of its own. */
const SATURATED = 0.85;
/** A publisher that is late with more than this share of its events can't keep its schedule; with fewer it has hiccups. */
const LATE_SHARE = 0.1;

/** What a run is summed up from. */
export interface LoadFindings {
  readonly options: LoadOptions;
  readonly startedAt: Date;
  readonly duration: number;
  readonly connecting: number;
  readonly connectUtilization: number;
  readonly partial: string | undefined;
  readonly tally: Tally;
  readonly published: Published | undefined;
  readonly samples: readonly ReaderSample[];
}

/** Sums up what the readers saw. */
export function summarizeLoad(findings: LoadFindings): LoadReport {
  const { options, tally, published, samples, duration, connecting, connectUtilization } = findings;
  const { counters, histograms } = tally;
  const perSecond = (count: number): number => (duration > 0 ? (count * 1000) / duration : 0);
  // One second in which a thread worked all the time is a collection of garbage, or others' work on this machine.
  const busiest = samples.map((sample) => sample.utilization).sort((a, b) => b - a);
  const utilization = busiest[1] ?? busiest[0] ?? 0;
  return {
    version: 1,
    url: options.target.url,
    profile: options.profile,
    startedAt: findings.startedAt.toISOString(),
    duration,
    measuredBy: "raw readers",
    partial: findings.partial,
    connections: {
      asked: options.connections,
      opened: counters.opened,
      perSecond: connecting > 0 ? (options.connections * 1000) / connecting : 0,
      last: connecting,
      ended: counters.ended,
      churned: counters.churned,
      stalled: stalledOf(options),
    },
    head: summarize(histograms.head),
    firstEvent: summarize(histograms.firstEvent),
    gap: summarize(histograms.gap),
    stream: summarize(histograms.stream),
    events: { received: counters.events, perSecond: perSecond(counters.events) },
    bytes: { received: counters.bytes, perSecond: perSecond(counters.bytes) },
    delivery: published && {
      published: published.counts.reduce((a, b) => a + b, 0) - published.failed,
      failed: published.failed,
      unsent: published.unsent,
      lost: counters.lost,
      repeated: counters.repeated,
      reordered: counters.reordered,
      disordered: counters.disordered,
      latency: summarize(histograms.delivery),
      behind: published.behind,
    },
    failures: tally.failures.map((failure) => ({ ...failure, advice: adviceOn(failure.kind) })),
    tool: { utilization, connectUtilization, bottleneck: bottleneckOf(findings, utilization) },
    samples,
  };
}

/** Whether the server did what was asked: the run is whole, nothing failed, nothing was lost, repeated or reordered. */
export function isClean({ partial, failures, delivery }: LoadReport): boolean {
  const disorder = delivery === undefined ? 0 : delivery.lost + delivery.repeated + delivery.reordered;
  return partial === undefined && failures.length === 0 && disorder === 0;
}

/** How many readers stop reading. */
export function stalledOf({ slow, connections }: Pick<LoadOptions, "slow" | "connections">): number {
  return Math.round(slow * connections);
}

/** Percentiles of a histogram of microseconds; `undefined` for an empty one. */
function summarize(histogram: Histogram): Summary | undefined {
  if (histogram.totalCount === 0) return undefined;
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    count: histogram.totalCount,
    min: histogram.minNonZeroValue / 1000,
    mean: histogram.mean / 1000,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue / 1000,
  };
}

function bottleneckOf(
  { published, connectUtilization, options }: LoadFindings,
  utilization: number,
): string | undefined {
  const percent = (share: number): number => Math.round(share * 100);
  if (options.profile === "storm" && connectUtilization > SATURATED) {
    return `a thread of readers worked ${percent(connectUtilization)} % of the time of connecting: add --threads`;
  }
  if (utilization > SATURATED) {
    const share = percent(utilization);
    return `a thread of readers worked ${share} % of a second, more than once: add --threads, or ask for less`;
  }
  const sent = published?.counts.reduce((a, b) => a + b, 0) ?? 0;
  if (published !== undefined && published.late > sent * LATE_SHARE) {
    return `${published.late} of ${sent} events were sent more than ${LATE} ms late, since the server took long to accept those before or this machine was busy: add --publishers, or lower --rate`;
  }
  return undefined;
}
