import type { Comparison, Goal, Row, Sample, Unit } from "../comparison.ts";
import { Measurement } from "./measurement.ts";
import {
  BETTER_SSE,
  BUN_STREAM,
  DENO_STREAM,
  isOurs,
  NODE_RESPONSE,
  NODE_SOCKET_EVENT,
  NODE_SOCKET_TURN,
  ours,
  type Server,
  servers,
  skipped,
} from "./servers.ts";

const CONNECTIONS = 1000;
const STEADY_DELIVERIES = 20_000;
const BURST_TIME = 800;
const BURST_EVENTS = 960;
const STEADY_TIME = 1300;

const floors: Readonly<Record<string, { burst: string; steady: string; idle: string }>> = {
  Node: { burst: NODE_SOCKET_TURN, steady: NODE_SOCKET_EVENT, idle: NODE_RESPONSE },
  C: { burst: NODE_SOCKET_TURN, steady: NODE_SOCKET_EVENT, idle: NODE_RESPONSE },
  Deno: { burst: DENO_STREAM, steady: DENO_STREAM, idle: DENO_STREAM },
  Bun: { burst: BUN_STREAM, steady: BUN_STREAM, idle: BUN_STREAM },
};

/** Of servers that are alike some are enough. */
const LESS = /sse-channel|fastify-sse-v2|h3/;
const MANY = 5000;

/** The same with more readers, without goals of its own. */
export function fanOutToMany(connections: number = MANY): Comparison {
  const { rows, units, ...rest } = fanOut(connections);
  return {
    ...rest,
    name: "fan-out-to-many",
    title: "Fan-out to 5,000: CPU of the server and its memory",
    rows: rows.filter(({ name }) => !LESS.test(name)),
    units: units.filter(({ name }) => !LESS.test(name)),
    goals: [],
    chart: "none",
    minutes: 5,
  };
}

/** One publisher, many readers: PEERS section 2. */
export function fanOut(connections: number = CONNECTIONS): Comparison {
  return {
    name: "fan-out",
    title: "Fan-out: CPU of the server and its memory",
    columns: [
      { name: "burst", unit: "µs/delivery" },
      { name: "steady", unit: "µs/delivery" },
      { name: "idle", unit: "KB/connection" },
    ],
    skipped,
    rows: servers.map(({ name, group }): Row => ({ name, ours: isOurs(name), base: floors[group] ?? {} })),
    goals: goals(),
    units: servers.map((server) => unitOf(server, connections)),
    settings: {
      connections,
      "bytes of data": 188,
      "events in a turn of a burst": 16,
      "deliveries/s, steady": STEADY_DELIVERIES,
    },
    rounds: 5,
    minutes: 7,
    chart: "bars",
  };
}

function goals(): Goal[] {
  const [, hub] = ours.Node;
  return [
    ...ours.Node.flatMap((row): Goal[] => [
      { row, column: "burst", thanRow: NODE_SOCKET_TURN, atMost: 1.2 },
      { row, column: "steady", thanRow: NODE_SOCKET_EVENT, atMost: 1.15 },
      { row, column: "idle", thanRow: NODE_RESPONSE, atMost: 1.15 },
    ]),
    { row: hub, column: "burst", thanRow: BETTER_SSE, atMost: 0.25 },
    ...([...ours.Deno.map((row) => [row, DENO_STREAM]), ...ours.Bun.map((row) => [row, BUN_STREAM])] as const).flatMap(
      ([row = "", thanRow = ""]): Goal[] => [
        { row, column: "burst", thanRow, atMost: 1 },
        { row, column: "steady", thanRow, atMost: 1.15 },
        { row, column: "idle", thanRow, atMost: 1.15 },
      ],
    ),
  ];
}

function unitOf({ name, start }: Server, connections: number): Unit {
  return {
    name,
    run: (signal) =>
      Measurement.with(start, signal, async (measurement) => {
        const before = await measurement.usage();
        await measurement.open(connections);
        const idle = ((await measurement.usage()).memory - before.memory) / connections / 1024;
        const burst = await measurement.burst({ time: BURST_TIME, most: BURST_EVENTS, connections });
        const perSecond = STEADY_DELIVERIES / connections;
        const events = Math.ceil((perSecond * STEADY_TIME) / 1000);
        const steady = await measurement.load({ events, perTurn: 1, interval: 1000 / perSecond });
        const sample = (column: string, value: number): Sample => ({ row: name, column, values: [value] });
        return [sample("burst", burst), sample("steady", steady.cpu / (events * connections)), sample("idle", idle)];
      }),
  };
}
