import type { Histogram as CountedValues, HubMetrics } from "@ssekit/hub";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AnswerBody } from "./answer.ts";

/** What is told beside the process: by a label, or one number. Times in seconds, as Prometheus has it. */
interface Series {
  readonly kind: typeof Counter | typeof Gauge;
  /** Behind `ssekit_hub_`. */
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  readonly read: (metrics: HubMetrics) => number | Readonly<Record<string, number>>;
}

/** Makes the page that a Prometheus scrapes: what the hub does, and how its process fares. */
export function prometheusPage(read: () => HubMetrics): () => Promise<AnswerBody> {
  const registry = new Registry();
  const registers = [registry];
  /** Read once for each page, so that all of it tells of the same moment. */
  let metrics = read();
  for (const { kind: Metric, name, help, label, read: pick } of SERIES) {
    new Metric({
      name: `ssekit_hub_${name}`,
      help,
      labelNames: label === undefined ? [] : [label],
      registers,
      collect() {
        this.reset();
        const values = pick(metrics);
        if (typeof values === "number") this.inc(values);
        else for (const [value, counted] of Object.entries(values)) this.inc({ [label ?? ""]: value }, counted);
      },
    });
  }
  const depth = "Entries of the log between where a connection begins and the tail";
  registry.registerMetric(
    new CountedHistogram("ssekit_hub_replay_depth_entries", depth, () => metrics.connections.replayDepth),
  );
  const latency = "Time until the log answered a publish";
  registry.registerMetric(
    new CountedHistogram("ssekit_hub_publish_duration_seconds", latency, () => inSeconds(metrics.published.latency)),
  );
  collectDefaultMetrics({ register: registry });
  return async () => {
    metrics = read();
    return { type: registry.contentType, text: await registry.metrics() };
  };
}

const SERIES: readonly Series[] = [
  {
    kind: Gauge,
    name: "connections",
    help: "Connections that are open, by where they stand",
    label: "state",
    read: ({ connections: { live, behind, ahead } }) => ({ live, behind, ahead }),
  },
  {
    kind: Gauge,
    name: "connections_write_path",
    help: "Connections that are open, by which way their last bytes went",
    label: "path",
    read: ({ connections }) => connections.writePaths,
  },
  {
    kind: Counter,
    name: "connections_opened_total",
    help: "Connections whose response was opened",
    read: ({ connections }) => connections.opened,
  },
  {
    kind: Counter,
    name: "connections_closed_total",
    help: "Connections whose response has closed",
    label: "reason",
    read: ({ connections }) => connections.closed,
  },
  {
    kind: Counter,
    name: "connections_refused_total",
    help: "Connections that were not opened",
    label: "reason",
    read: ({ connections }) => connections.refused,
  },
  {
    kind: Counter,
    name: "published_entries_total",
    help: "Events, and ends of topics, that were given to the log, by what it answered",
    label: "outcome",
    read: ({ published }) => published.entries,
  },
  {
    kind: Counter,
    name: "delivered_events_total",
    help: "Events that connections took: one for each event and connection",
    read: ({ delivered }) => delivered.events,
  },
  {
    kind: Counter,
    name: "delivered_writes_total",
    help: "Writes that connections took",
    read: ({ delivered }) => delivered.writes,
  },
  {
    kind: Counter,
    name: "delivered_bytes_total",
    help: "Bytes that connections took, before framing and without heartbeats",
    read: ({ delivered }) => delivered.bytes,
  },
  {
    kind: Counter,
    name: "gaps_total",
    help: "Gap events that were written",
    label: "reason",
    read: ({ gaps }) => gaps,
  },
  {
    kind: Gauge,
    name: "lag_oldest_seconds",
    help: "For how long the connection that is longest behind has been",
    read: ({ lag }) => lag.oldest / SECOND,
  },
  {
    kind: Counter,
    name: "tail_lost_total",
    help: "How often this hub could not follow the log any more",
    read: ({ tail }) => tail.lost,
  },
  {
    kind: Counter,
    name: "tail_moved_total",
    help: "How often the log went on elsewhere than at this hub's tail",
    read: ({ tail }) => tail.moved,
  },
];

const SECOND = 1000;

function inSeconds({ bounds, counts, count, sum }: CountedValues): CountedValues {
  return { bounds: bounds.map((bound) => bound / SECOND), counts, count, sum: sum / SECOND };
}

/** A histogram that is counted elsewhere: into prom-client's own, values can only go one by one. */
class CountedHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #read: () => CountedValues;

  constructor(name: string, help: string, read: () => CountedValues) {
    super({ name, help, registers: [] });
    this.#name = name;
    this.#help = help;
    this.#read = read;
  }

  /** What a registry asks a histogram when it makes text. */
  async getForPromString(): Promise<object> {
    const { bounds, counts, count, sum } = this.#read();
    let upTo = 0;
    const buckets = counts.map((own, index) => {
      upTo += own;
      return { metricName: `${this.#name}_bucket`, labels: { le: bounds[index] ?? "+Inf" }, value: upTo };
    });
    const values = [
      ...buckets,
      { metricName: `${this.#name}_sum`, value: sum },
      { metricName: `${this.#name}_count`, value: count },
    ];
    return { name: this.#name, help: this.#help, type: "histogram", values };
  }
}
