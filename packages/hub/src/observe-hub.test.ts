import { metrics } from "@opentelemetry/api";
import { DataPointType, MeterProvider, type MetricData, MetricReader } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import type { EventLog } from "./event-log.ts";
import type { Hub } from "./hub.ts";
import type { HubMetrics } from "./hub-metrics.ts";
import { ManualClock } from "./manual-clock.ts";
import { memoryLog } from "./memory-log.ts";
import { observeHub } from "./observe-hub.ts";
import { ScriptedSink } from "./scripted-sink.ts";

describe("observeHub()", () => {
  it("tells counts, and what is now, with the attributes of what they are counted by", async () => {
    const { hub, collect } = setUp();
    const sinks = [new ScriptedSink(), new ScriptedSink(), new ScriptedSink({ lastEventId: "lost" })];
    for (const sink of sinks) await hub.subscribe(sink, "news");
    sinks[0]?.leave();
    await hub.publish("news", { data: "one", id: "1" });
    await hub.publish("news", { data: "one", id: "1" });
    const told = await collect();
    expect(told.get("ssekit.hub.connection.count")).toMatchObject({
      descriptor: { unit: "{connection}" },
      isMonotonic: false,
      values: { '{"ssekit.hub.connection.state":"live"}': 2, '{"ssekit.hub.connection.state":"behind"}': 0 },
    });
    expect(told.get("ssekit.hub.connection.closed")).toMatchObject({
      isMonotonic: true,
      values: { '{"ssekit.hub.close.reason":"client"}': 1, '{"ssekit.hub.close.reason":"server"}': 0 },
    });
    expect(told.get("ssekit.hub.publish.entries")?.values).toMatchObject({
      '{"ssekit.hub.publish.outcome":"appended"}': 1,
      '{"ssekit.hub.publish.outcome":"repeated"}': 1,
    });
    expect(told.get("ssekit.hub.gaps")?.values).toMatchObject({ '{"ssekit.hub.gap.reason":"unknown"}': 1 });
    expect(told.get("ssekit.hub.connection.opened")?.values).toEqual({ "{}": 3 });
    expect([...told].filter(([, { isMonotonic }]) => !isMonotonic).map(([name]) => name)).toEqual([
      "ssekit.hub.connection.count",
      "ssekit.hub.connection.write_path.count",
      "ssekit.hub.lag.oldest",
    ]);
    await hub.close();
  });

  it("tells a histogram as counters: buckets that add up, in seconds, with their count and sum", async () => {
    const { hub, clock, collect } = setUp();
    for (const ms of [1, 7, 9000]) {
      clock.takes = ms;
      await hub.publish("news", { data: "one" });
    }
    const told = await collect();
    const buckets = told.get("ssekit.hub.publish.duration.bucket")?.values ?? {};
    expect(buckets).toMatchObject({ '{"le":"0.001"}': 1, '{"le":"0.005"}': 1, '{"le":"0.01"}': 2 });
    expect(buckets).toMatchObject({ '{"le":"5"}': 2, '{"le":"+Inf"}': 3 });
    expect(told.get("ssekit.hub.publish.duration.count")?.values).toEqual({ "{}": 3 });
    expect(told.get("ssekit.hub.publish.duration.sum")).toMatchObject({
      descriptor: { unit: "s" },
      values: { "{}": 9.008 },
    });
    await hub.close();
  });

  it("tells all that metrics() has: each number of it moves some value", async () => {
    const { hub } = setUp();
    const given = hub.metrics();
    await hub.close();
    for (const path of pathsOf(given)) {
      const { values: before } = await collectFrom(given);
      const { values: after } = await collectFrom(withOneMore(given, path));
      expect([path, after]).not.toEqual([path, before]);
    }
  });

  it("reads the hub once for each collection, until it is stopped", async () => {
    const { hub, stop, collect } = setUp();
    let reads = 0;
    const { metrics: read } = hub;
    hub.metrics = () => {
      reads += 1;
      return read.call(hub);
    };
    await collect();
    await collect();
    expect(reads).toBe(2);
    stop();
    await collect();
    expect(reads).toBe(2);
    await hub.close();
  });

  it("gives each value the attributes of its hub, so that two may be told apart", async () => {
    const { hub, meter, collect } = setUp({ "ssekit.hub.name": "one" });
    const other = createHub();
    observeHub(other, meter, { attributes: { "ssekit.hub.name": "two" } });
    await hub.subscribe(new ScriptedSink(), "news");
    expect((await collect()).get("ssekit.hub.connection.opened")?.values).toEqual({
      '{"ssekit.hub.name":"one"}': 1,
      '{"ssekit.hub.name":"two"}': 0,
    });
    await Promise.all([hub.close(), other.close()]);
  });

  it("takes a meter of the API's global provider", async () => {
    const reader = new TestReader();
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    const hub = createHub();
    const stop = observeHub(hub, metrics.getMeter("app"));
    expect((await collected(reader)).size).toBeGreaterThan(0);
    stop();
    metrics.disable();
    await hub.close();
  });
});

// Helpers

class TestReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

interface Told {
  readonly descriptor: MetricData["descriptor"];
  readonly isMonotonic: boolean;
  /** By attributes, as JSON. */
  readonly values: Readonly<Record<string, number>>;
}

function setUp(attributes: Record<string, string> = {}): {
  hub: Hub;
  clock: { takes: number };
  meter: ReturnType<MeterProvider["getMeter"]>;
  stop: () => void;
  collect: () => Promise<Map<string, Told>>;
} {
  const reader = new TestReader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter("test");
  const time = Object.assign(new ManualClock(), { takes: 0 });
  const log = memoryLog();
  const append: EventLog["append"] = (entries) => {
    time.advance(time.takes);
    return log.append(entries);
  };
  const slow = new Proxy(log, {
    get: (target, name: keyof EventLog) => (name === "append" ? append : (target[name] as () => unknown).bind(target)),
  });
  const hub = createHub({ log: slow, clock: time });
  return { hub, clock: time, meter, stop: observeHub(hub, meter, { attributes }), collect: () => collected(reader) };
}

async function collected(reader: MetricReader): Promise<Map<string, Told>> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).toEqual([]);
  const all = resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .filter((data) => data.dataPoints.length > 0);
  return new Map(
    all.map((data) => {
      const values = data.dataPoints.map(({ attributes, value }) => [JSON.stringify(attributes), value as number]);
      const isMonotonic = data.dataPointType === DataPointType.SUM && data.isMonotonic;
      return [data.descriptor.name, { descriptor: data.descriptor, isMonotonic, values: Object.fromEntries(values) }];
    }),
  );
}

async function collectFrom(given: HubMetrics): Promise<{ values: unknown }> {
  const reader = new TestReader();
  observeHub({ metrics: () => given }, new MeterProvider({ readers: [reader] }).getMeter("test"));
  return { values: [...(await collected(reader))].map(([name, { values }]) => [name, values]) };
}

/** Where its numbers are, but for the bounds of histograms. */
function pathsOf(value: object, path: readonly string[] = []): string[][] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (name === "bounds") return [];
    const own = [...path, name];
    return typeof member === "object" && member !== null ? pathsOf(member, own) : [own];
  });
}

function withOneMore(given: HubMetrics, path: readonly string[]): HubMetrics {
  const changed = structuredClone(given);
  const last = path.at(-1) as string;
  let at = changed as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[last] = (at[last] as number) + 1;
  return changed;
}
