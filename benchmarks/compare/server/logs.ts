import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinary, freePort, startProgram } from "testing";
import type { Comparison, Sample, Unit } from "../comparison.ts";
import { Measurement } from "./measurement.ts";
import { subjectOn } from "./running-server.ts";

const EVENTS = 100_000;
/** How many appends the publisher has under way. */
const IN_FLIGHT = 64;
const SIZES = [1000, 10_000, EVENTS];

/** A log for a hub: what the hub's program is told, and what ends it. */
type OpenLog = (folder: string) => Promise<{ readonly name: string; close?(): Promise<unknown> }>;

const redis = findBinary("redis-server");

const kinds: Readonly<Record<string, OpenLog>> = {
  memory: async () => ({ name: "memory" }),
  SQLite: async (folder) => ({ name: join(folder, "events.db") }),
  ...(redis === undefined ? {} : { Redis: (folder) => startRedis(redis, folder) }),
};

/** The logs of a hub on Node: what an append costs, and to replay more and more to one reader. */
export function logs(): Comparison {
  return {
    name: "logs",
    title: "Logs of a hub: CPU of the node",
    columns: [
      { name: "append", unit: "µs/event" },
      { name: "appended", unit: "events/s" },
      ...SIZES.map((size) => ({ name: columnOf(size), unit: "µs/event" })),
      { name: "until all is replayed", unit: "s" },
    ],
    skipped: redis === undefined ? ["Redis: it is not installed"] : [],
    rows: Object.keys(kinds).map((name) => ({ name, ours: true, base: name === "memory" ? {} : basesOf() })),
    goals: [],
    units: Object.entries(kinds).map(([row, open]) => unitOf(row, open)),
    settings: { "bytes of data": 188, "events appended": EVENTS, "appends under way": IN_FLIGHT },
    rounds: 5,
    minutes: 1.5,
    chart: "bars",
  };
}

function columnOf(size: number): string {
  return `replay of ${size.toLocaleString("en-US")}`;
}

function basesOf(): Record<string, string> {
  return Object.fromEntries(["append", ...SIZES.map(columnOf)].map((column) => [column, "memory"]));
}

function unitOf(row: string, open: OpenLog): Unit {
  return {
    name: row,
    async run(signal) {
      const samples: Sample[] = [];
      for (const size of SIZES) samples.push(...(await measure(row, open, { size, signal })));
      return samples;
    },
  };
}

async function measure(
  row: string,
  open: OpenLog,
  { size, signal }: { size: number; signal: AbortSignal },
): Promise<Sample[]> {
  const sample = (column: string, value: number): Sample => ({ row, column, values: [value] });
  const folder = await mkdtemp(join(tmpdir(), "ssekit-logs-"));
  const log = await open(folder);
  try {
    const start = subjectOn("Node", "ssekit-hub-node", log.name);
    return await Measurement.with(start, signal, async (measurement) => {
      const append = await measurement.append({ events: size, perTurn: IN_FLIGHT });
      const replay = await measurement.replay(size, "/events?start");
      const replayed = sample(columnOf(size), replay.cpu / size);
      if (size < EVENTS) return [replayed];
      return [
        sample("append", append.cpu / size),
        sample("appended", size / (append.time / 1000)),
        replayed,
        sample("until all is replayed", replay.time / 1000),
      ];
    });
  } finally {
    await log.close?.();
    await rm(folder, { recursive: true });
  }
}

/** Redis that writes to its file once a second, which most use. */
async function startRedis(path: string, folder: string): ReturnType<OpenLog> {
  const port = `${await freePort()}`;
  const command = [path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--dir", folder];
  const program = await startProgram(command, { until: /Ready to accept connections/ });
  return { name: `redis://127.0.0.1:${port}`, close: () => program.stop("SIGKILL") };
}
