import type { Histogram } from "./histogram.ts";
import type { HubMetrics } from "./hub-metrics.ts";

/** What tells a value from the others of its instrument. */
export type MeterAttributes = Readonly<Record<string, string | number | boolean>>;

/**
 * What is used of a meter of `@opentelemetry/api`, which fits. Its instruments only go from one of its methods to another, so
 * what they are is its own affair.
 */
export interface MeterLike {
  /** Makes a sum that only rises. */
  createObservableCounter(name: string, options: MeterInstrumentOptions): unknown;
  /** Makes a sum. */
  createObservableUpDownCounter(name: string, options: MeterInstrumentOptions): unknown;
  /** Makes a value that is no sum. */
  createObservableGauge(name: string, options: MeterInstrumentOptions): unknown;
  /** Has `callback` called at each collection, to observe these instruments. */
  addBatchObservableCallback(callback: (result: MeterResult) => void, instruments: never[]): void;
  /** Ends that. */
  removeBatchObservableCallback(callback: (result: MeterResult) => void, instruments: never[]): void;
}

/** What an instrument is made with. */
export interface MeterInstrumentOptions {
  /** By UCUM. */
  unit: string;
  /** For people. */
  description: string;
}

/** Takes what was observed. */
export interface MeterResult {
  /** Takes one value of one instrument. */
  observe(instrument: never, value: number, attributes: MeterAttributes): void;
}

/** Options of {@linkcode observeHub}. */
export interface ObserveHubOptions {
  /** What each measurement carries, such as the hub's name where a process has several. Default: none. */
  attributes?: MeterAttributes;
}

/** Some values of one instrument, each with what tells it from the others. */
type Values = readonly (readonly [value: number, attributes: MeterAttributes])[];

interface Instrument {
  /** Behind `ssekit.hub.`. */
  readonly name: string;
  readonly kind: "Counter" | "UpDownCounter" | "Gauge";
  readonly unit: string;
  readonly description: string;
  readonly read: (metrics: HubMetrics) => Values;
}

/**
 * Observes a hub, at each collection of the meter's readers, until the function that it returns is called. Each hub of a
 * process wants attributes of its own, and is observed once. An SDK that keeps running sums goes on to
 * report the last ones.
 *
 * A histogram is three counters, for the API has none that can be observed: `….count`, `….sum`, and `….bucket`, which
 * counts the values up to the bound in its attribute `le`, as Prometheus does.
 *
 * @example
 * ```ts
 * import { metrics } from "@opentelemetry/api";
 * import { createHub } from "@ssekit/hub";
 * import { observeHub } from "@ssekit/hub/opentelemetry";
 *
 * const hub = createHub();
 * const stop = observeHub(hub, metrics.getMeter("app"), { attributes: { "ssekit.hub.name": "orders" } });
 * stop();
 * await hub.close();
 * ```
 */
export function observeHub(
  hub: { metrics(): HubMetrics },
  meter: MeterLike,
  { attributes = {} }: ObserveHubOptions = {},
): () => void {
  const observed = new Map<never, Instrument>();
  for (const instrument of INSTRUMENTS) {
    const { name, kind, unit, description } = instrument;
    observed.set(meter[`createObservable${kind}`](`ssekit.hub.${name}`, { unit, description }) as never, instrument);
  }
  const observe = (result: MeterResult): void => {
    // Read once for all instruments, so that they tell of the same moment.
    const now = hub.metrics();
    for (const [instrument, { read }] of observed) {
      for (const [value, own] of read(now)) result.observe(instrument, value, { ...attributes, ...own });
    }
  };
  const instruments = [...observed.keys()];
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}

const SECOND = 1000;

const INSTRUMENTS: readonly Instrument[] = [
  {
    name: "connection.count",
    kind: "UpDownCounter",
    unit: "{connection}",
    description: "Connections that are open, by where they stand",
    read: ({ connections: { live, behind, ahead } }) => by("ssekit.hub.connection.state", { live, behind, ahead }),
  },
  {
    name: "connection.write_path.count",
    kind: "UpDownCounter",
    unit: "{connection}",
    description: "Connections that are open, by which way their last bytes went",
    read: ({ connections }) => by("ssekit.hub.connection.write_path", connections.writePaths),
  },
  {
    name: "connection.opened",
    kind: "Counter",
    unit: "{connection}",
    description: "Connections whose response was opened",
    read: ({ connections }) => one(connections.opened),
  },
  {
    name: "connection.closed",
    kind: "Counter",
    unit: "{connection}",
    description: "Connections whose response has closed, by reason",
    read: ({ connections }) => by("ssekit.hub.close.reason", connections.closed),
  },
  {
    name: "connection.refused",
    kind: "Counter",
    unit: "{connection}",
    description: "Connections that were not opened, by reason",
    read: ({ connections }) => by("ssekit.hub.refusal.reason", connections.refused),
  },
  ...histogram(
    { name: "replay.depth", unit: "{entry}", description: "Entries between where a connection begins and the tail" },
    ({ connections }) => connections.replayDepth,
  ),
  {
    name: "publish.entries",
    kind: "Counter",
    unit: "{entry}",
    description: "Events, and ends of topics, that were given to the log, by what it answered",
    read: ({ published }) => by("ssekit.hub.publish.outcome", published.entries),
  },
  ...histogram(
    { name: "publish.duration", unit: "s", description: "Time until the log answered a publish", scale: SECOND },
    ({ published }) => published.latency,
  ),
  {
    name: "delivery.events",
    kind: "Counter",
    unit: "{event}",
    description: "Events that connections took: one for each event and connection",
    read: ({ delivered }) => one(delivered.events),
  },
  {
    name: "delivery.writes",
    kind: "Counter",
    unit: "{write}",
    description: "Writes that connections took",
    read: ({ delivered }) => one(delivered.writes),
  },
  {
    name: "delivery.io",
    kind: "Counter",
    unit: "By",
    description: "Bytes that connections took, before framing and without heartbeats",
    read: ({ delivered }) => one(delivered.bytes),
  },
  {
    name: "gaps",
    kind: "Counter",
    unit: "{gap}",
    description: "Gap events that were written, by reason",
    read: ({ gaps }) => by("ssekit.hub.gap.reason", gaps),
  },
  {
    name: "lag.oldest",
    kind: "Gauge",
    unit: "s",
    description: "For how long the connection that is longest behind has been",
    read: ({ lag }) => one(lag.oldest / SECOND),
  },
  {
    name: "lag.acts",
    kind: "Counter",
    unit: "{act}",
    description: "How often a lag policy acted, by policy",
    read: ({ lag }) => by("ssekit.hub.lag.policy", lag.acted),
  },
  {
    name: "lag.skipped",
    kind: "Counter",
    unit: "{event}",
    description: "Events that skip-to-latest kept from readers",
    read: ({ lag }) => one(lag.skipped),
  },
  {
    name: "tail.lost",
    kind: "Counter",
    unit: "{loss}",
    description: "How often this node could not follow the log any more",
    read: ({ tail }) => one(tail.lost),
  },
  {
    name: "tail.moved",
    kind: "Counter",
    unit: "{move}",
    description: "How often the log went on elsewhere than at this node's tail",
    read: ({ tail }) => one(tail.moved),
  },
];

function one(value: number): Values {
  return [[value, {}]];
}

function by(attribute: string, counts: Readonly<Record<string, number>>): Values {
  return Object.entries(counts).map(([name, count]) => [count, { [attribute]: name }]);
}

interface HistogramName {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** How much of the hub's unit one of these is. */
  readonly scale?: number;
}

function histogram(
  { name, unit, description, scale = 1 }: HistogramName,
  pick: (metrics: HubMetrics) => Histogram,
): Instrument[] {
  return [
    {
      name: `${name}.bucket`,
      kind: "Counter",
      unit: "1",
      description: `${description}: how many up to each bound`,
      read: (metrics) => cumulative(pick(metrics), scale),
    },
    {
      name: `${name}.count`,
      kind: "Counter",
      unit: "1",
      description: `${description}: how many`,
      read: (metrics) => one(pick(metrics).count),
    },
    {
      name: `${name}.sum`,
      kind: "Counter",
      unit,
      description: `${description}: their sum`,
      read: (metrics) => one(pick(metrics).sum / scale),
    },
  ];
}

function cumulative({ bounds, counts }: Histogram, scale: number): Values {
  let count = 0;
  return counts.map((own, index) => {
    count += own;
    const bound = bounds[index];
    return [count, { le: bound === undefined ? "+Inf" : `${bound / scale}` }];
  });
}
