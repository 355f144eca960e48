import type { Column, Comparison, Row, Sample, Unit } from "../comparison.ts";
import { Measurement } from "./measurement.ts";
import { type StartServer, subjectOn } from "./running-server.ts";
import { NODE_SOCKET_TURN, ours } from "./servers.ts";

const ROUNDS = 5;
const BURST_TIME = 500;
const BURST_EVENTS = 640;
const [, HUB] = ours.Node;

/** The rows of growth: the floor of bursts, and the hub with a log that forgets nothing of a burst. */
const starts: Readonly<Record<string, StartServer>> = {
  [NODE_SOCKET_TURN]: subjectOn("Node", "node-socket-turn"),
  [HUB]: subjectOn("Node", "ssekit-hub-node", "memory"),
};

const rows: readonly Row[] = [{ name: NODE_SOCKET_TURN }, { name: HUB, ours: true }];

/** Cost of a delivery by the number of connections. */
export function growthOfConnections(): Comparison {
  const counts = [100, 300, 1000, 3000, 10_000];
  return {
    ...growth("connections", counts),
    title: "A burst, by the number of connections",
    goals: [{ row: HUB, column: "10000", thanColumn: "1000", atMost: 1.3 }],
    units: unitsOf(counts, (measurement, connections) =>
      measure(measurement, connections, { time: BURST_TIME, most: BURST_EVENTS }),
    ),
    settings: { "bytes of data": 188, "events in a turn": 16 },
  };
}

/** Cost of a delivery by the size of its event. */
export function growthOfSize(): Comparison {
  const connections = 100;
  const sizes = [16, 256, 4096, 65_536, 1_048_576];
  return {
    ...growth("bytes", sizes),
    title: "A burst, by the size of an event's data",
    goals: [],
    units: unitsOf(sizes, (measurement, size) => {
      // Of what is large a few are enough, one in a turn.
      const [perTurn, most] = [size > 4096 ? 1 : 16, Math.max(8, Math.min(BURST_EVENTS, 2 ** 23 / size))];
      return measure(measurement, connections, { time: BURST_TIME, most, size, perTurn });
    }),
    settings: { connections, "events in a turn, up to 4 KiB": 16, "events in a turn, above": 1 },
  };
}

const READERS = 10;
const TOPIC_EVENTS = 10_000;

/** Cost of an event, which ten readers get, by the number of topics that events go to in turn. */
export function growthOfTopics(): Comparison {
  const topics = [1, 10, 100, 1000, 10_000];
  return {
    ...growth("topics", topics),
    title: "Events to topics in turn, of which each has 10 readers",
    figure: "µs/event",
    rows: [{ name: HUB, ours: true }],
    goals: [],
    units: topics.map((count) => {
      // At most 1,000 connections: of many topics each takes several.
      const own = Math.max(1, count / 100);
      const start = subjectOn("Node", "ssekit-hub-node", "memory", `${count}`, `${own}`);
      return unitOf(HUB, start, count, async (measurement) => {
        await measurement.open((count / own) * READERS, { path: `/events?reader={index}&of=${READERS}` });
        const received = (TOPIC_EVENTS / count) * own;
        const { cpu } = await measurement.load({ events: TOPIC_EVENTS, perTurn: 1 }, { events: received });
        return cpu / TOPIC_EVENTS;
      });
    }),
    settings: {
      "readers of a topic": READERS,
      "connections at most": 1000,
      events: TOPIC_EVENTS,
      "events in a turn": 1,
    },
  };
}

function growth(unit: string, counts: readonly number[]) {
  return {
    name: `growth-${unit}`,
    figure: "µs/delivery",
    columns: counts.map((count): Column => ({ name: `${count}`, unit })),
    rows,
    rounds: ROUNDS,
    minutes: 1.5,
    chart: "lines" as const,
  };
}

type Measure = (measurement: Measurement, count: number) => Promise<number>;

async function measure(
  measurement: Measurement,
  connections: number,
  load: { time: number; most: number; size?: number; perTurn?: number },
): Promise<number> {
  await measurement.open(connections);
  return await measurement.burst({ connections, ...load });
}

function unitsOf(counts: readonly number[], measure: Measure): Unit[] {
  return Object.entries(starts).flatMap(([row, start]) => counts.map((count) => unitOf(row, start, count, measure)));
}

function unitOf(row: string, start: StartServer, count: number, measure: Measure): Unit {
  return {
    name: `${row}, ${count}`,
    async run(signal): Promise<Sample[]> {
      const value = await Measurement.with(start, signal, (measurement) => measure(measurement, count));
      return [{ row, column: `${count}`, values: [value] }];
    },
  };
}
