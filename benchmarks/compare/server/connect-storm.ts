import type { Comparison, Goal, Row, Sample, Unit } from "../comparison.ts";
import { Measurement } from "./measurement.ts";
import { type StartServer, subjectOn } from "./running-server.ts";
import { BUN_STREAM, DENO_STREAM, isOurs, NODE_RESPONSE, ours, servers, skipped } from "./servers.ts";

const CLIENTS = 5000;
/** Others of Node that show the same, and hand-written servers that differ in how they publish: nothing is, here. */
const OTHERS = /write a turn|pre-framed|fastify|h3|sse-channel/;
const DEFAULT_BACKLOG = "Node, res.write, default backlog";

const bases: Readonly<Record<string, string>> = {
  Node: NODE_RESPONSE,
  C: NODE_RESPONSE,
  Deno: DENO_STREAM,
  Bun: BUN_STREAM,
};

/** All readers come at once: PEERS section 3. */
export function connectStorm(clients: number = CLIENTS): Comparison {
  const all = [
    ...servers.filter(({ name }) => !OTHERS.test(name)),
    { name: DEFAULT_BACKLOG, group: "Node" as const, start: subjectOn("Node", "node-response", "default-backlog") },
  ];
  return {
    name: "connect-storm",
    title: "Connect storm: until each client's first bytes",
    columns: [
      { name: "CPU", unit: "µs/connection" },
      { name: "rate", unit: "connections/s" },
      { name: "last", unit: "s until the last" },
      { name: "stalled", unit: "clients over 1 s" },
      { name: "stalls", unit: "rounds with one", counted: true },
    ],
    skipped: skipped.filter((row) => !OTHERS.test(row)),
    rows: all.map(
      ({ name, group }): Row => ({ name, ours: isOurs(name), base: { CPU: bases[group] ?? NODE_RESPONSE } }),
    ),
    goals: goals(),
    units: all.map(({ name, start }) => unitOf(name, start, clients)),
    settings: { clients, "in flight for CPU and rate": 256 },
    rounds: 5,
    minutes: 6,
    chart: "bars",
  };
}

function goals(): Goal[] {
  return [
    ...ours.Node.map((row): Goal => ({ row, column: "CPU", thanRow: NODE_RESPONSE, atMost: 1.2 })),
    ...Object.values(ours)
      .flat()
      .map((row): Goal => ({ row, column: "stalled", atMost: 0, always: true })),
  ];
}

function unitOf(row: string, start: StartServer, clients: number): Unit {
  const sample = (column: string, value: number): Sample => ({ row, column, values: [value] });
  return {
    name: row,
    async run(signal) {
      // Two servers: what has held all connections once has its memory at hand already.
      const paced = await Measurement.with(start, signal, async (measurement) => {
        const before = await measurement.usage();
        const { total } = await measurement.open(clients);
        const { cpu } = await measurement.usage();
        return [sample("CPU", (cpu - before.cpu) / clients), sample("rate", clients / (total / 1000))];
      });
      const storm = await Measurement.with(start, signal, async (measurement) => {
        const { total, stalled } = await measurement.open(clients, { inFlight: clients });
        return [sample("last", total / 1000), sample("stalled", stalled), sample("stalls", stalled)];
      });
      return [...paced, ...storm];
    },
  };
}
