import type { Comparison, Unit } from "../comparison.ts";
import { Measurement } from "./measurement.ts";
import { subjectOn } from "./running-server.ts";

const CONNECTIONS = 200;
const ALL = "all read";
const STALLED = "a tenth stalled";
const RATE = 100;
const SECONDS = 3;

/** What readers that have stopped cost the others, by a hub on Node: PEERS section 2. */
export function stalledReaders(connections: number = CONNECTIONS): Comparison {
  const healthy = Math.ceil(connections * 0.9);
  return {
    name: "stalled-readers",
    title: "Delivery to the same nine tenths of the readers, from when an event was due",
    columns: [{ name: "p99", unit: "ms" }],
    rows: [{ name: ALL }, { name: STALLED, ours: true, base: { p99: ALL } }],
    goals: [{ row: STALLED, column: "p99", thanRow: ALL, atMost: 1.2 }],
    units: [ALL, STALLED].map((row) => unitOf(row, { connections, healthy })),
    settings: { connections, "events/s": RATE, seconds: SECONDS },
    rounds: 5,
    minutes: 1,
    chart: "bars",
  };
}

/** More than the system keeps for a connection whose reader has stopped. */
const FILL = { events: 500, size: 16_384, perTurn: 1 };

function unitOf(row: string, { connections, healthy }: { connections: number; healthy: number }): Unit {
  const start = subjectOn("Node", "ssekit-hub-node", "memory");
  return {
    name: row,
    run: (signal) =>
      Measurement.with(start, signal, async (measurement) => {
        await measurement.open(connections);
        if (row === STALLED) await measurement.stall(healthy);
        await measurement.load(FILL, { readers: healthy });
        const paced = { events: RATE * SECONDS, perTurn: 1, interval: 1000 / RATE };
        const { p99 } = await measurement.load(paced, { readers: healthy, latency: true });
        return [{ row, column: "p99", values: [p99] }];
      }),
  };
}
