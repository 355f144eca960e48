// One thread of readers. What it is to do stands in its `workerData`; it samples what it sees once a second.
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { build } from "hdr-histogram-js";
import type { ReaderAnswer, ReaderPlan, ReaderTask } from "./load-messages.ts";
import { LoadReader, type ReaderContext } from "./load-reader.ts";
import { now } from "./now.ts";
import { Tally } from "./tally.ts";

const SAMPLE_INTERVAL = 1000;
const SETTLE_INTERVAL = 20;

const plan = workerData as ReaderPlan;
const tally = new Tally();
const recent = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 2 });
let finished = false;
let sampled = { events: 0, bytes: 0, utilization: performance.eventLoopUtilization() };

const context: ReaderContext = {
  target: plan.target,
  tally,
  timeout: plan.timeout,
  run: plan.run,
  schedule: undefined,
  onDelivery: (latency) => recent.recordValue(Math.max(1, Math.round(latency * 1000))),
  onClosed: (reader) => {
    if (finished) return;
    if (plan.again) void reader.connect();
    else if (!readers.some(({ open }) => open)) answer({ answer: "deserted" });
  },
};
const readers = Array.from({ length: plan.connections }, () => new LoadReader(context));

parentPort?.on("message", (task: ReaderTask) => void handle(task));

async function handle(task: ReaderTask): Promise<void> {
  switch (task.task) {
    case "open":
      return answer({ answer: "opened", ...(await open()) });
    case "expect":
      context.schedule = task.schedule;
      for (const reader of readers) reader.expect(task.schedule.publishers);
      return answer({ answer: "expecting" });
    case "settle":
      await settle(task.published, task.patience);
      return answer({ answer: "settled" });
    case "finish":
      return finish(task.published);
  }
}

/** Connects all, and gives when that was and the share of the time in which the thread worked. */
async function open(): Promise<{ from: number; to: number; utilization: number }> {
  const from = now();
  const before = performance.eventLoopUtilization();
  const waiting = readers.values();
  const one = async (): Promise<void> => {
    for (const reader of waiting) await reader.connect();
  };
  await Promise.all(Array.from({ length: plan.inFlight }, one));
  const { utilization } = performance.eventLoopUtilization(before);
  const to = now();
  for (const reader of readers.slice(0, plan.stalled)) reader.stall();
  sampled = { ...tally.counters, utilization: performance.eventLoopUtilization() };
  setInterval(sample, SAMPLE_INTERVAL);
  if (plan.churn > 0) void churn();
  return { from, to, utilization };
}

/** Those that read break off and come back, one after the other, evenly over each second. */
async function churn(): Promise<void> {
  const healthy = readers.slice(plan.stalled);
  const started = now();
  for (let turn = 0; !finished && healthy.length > 0; turn += 1) {
    const wait = started + (turn * 1000) / plan.churn - now();
    if (wait > 0) await setTimeout(wait);
    if (!finished) void healthy[turn % healthy.length]?.churn();
  }
}

async function settle(published: readonly number[], patience: number): Promise<void> {
  const until = now() + patience;
  while (now() < until && readers.some((reader) => reader.lost(published) > 0)) await setTimeout(SETTLE_INTERVAL);
}

function finish(published: readonly number[]): void {
  finished = true;
  for (const reader of readers) {
    reader.report(published);
    reader.close();
  }
  answer({ answer: "finished", tally: tally.toData() });
}

function sample(): void {
  const { events, bytes } = tally.counters;
  const utilization = performance.eventLoopUtilization();
  const [p50, p99] = [50, 99].map((percentile) => recent.getValueAtPercentile(percentile) / 1000) as [number, number];
  answer({
    answer: "sample",
    sample: {
      open: readers.filter((reader) => reader.open).length,
      events: events - sampled.events,
      bytes: bytes - sampled.bytes,
      utilization: performance.eventLoopUtilization(utilization, sampled.utilization).utilization,
      p50,
      p99,
    },
  });
  recent.reset();
  sampled = { events, bytes, utilization };
}

function answer(message: ReaderAnswer): void {
  parentPort?.postMessage(message);
}
