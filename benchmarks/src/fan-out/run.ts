// Fan-out beside the peers, HTTP/1.1 on loopback: `run.ts [--connections 1000] [--rounds 5] [--json] [row ...]`. Each round
// runs every row in new processes, one after the other; only the CPU time of the server's process counts, and the ratios
// are those of one round. Every reader checks that every event came, in order.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ReaderAnswer, ReaderTask, ServerAnswer, ServerTask } from "./messages.ts";
import { rows } from "./rows.ts";

/** What one row did in one round. */
interface Figures {
  /** CPU of the server for one connection until its first bytes, in microseconds. */
  readonly connect: number;
  /** Memory for one idle connection, in KB of 1024 bytes. */
  readonly memory: number;
  /** CPU seconds of the server for a million deliveries: as fast as it can, 16 events a turn. */
  readonly burst: number;
  /** The same at 20,000 deliveries a second, one event a turn. */
  readonly steady: number;
}

const PER_TURN = 16;
const STEADY_DELIVERIES = 20_000;
const measures = ["connect", "memory", "burst", "steady"] as const;
/** At most so many times the floor's figure (PEERS 2 and 3), for our own rows. */
const goals: Readonly<Record<(typeof measures)[number], { floor: string; ratio: number }>> = {
  connect: { floor: "res.write, one an event", ratio: 1.2 },
  memory: { floor: "res.write, one an event", ratio: 1.15 },
  burst: { floor: "pre-framed, one write a turn", ratio: 1.2 },
  steady: { floor: "pre-framed, one write an event", ratio: 1.15 },
};

const { values, positionals } = parseArgs({
  options: {
    connections: { type: "string", default: "1000" },
    events: { type: "string", default: "960" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const connections = Number(values.connections);
const events = Number(values.events);
const asked = positionals.length > 0 ? positionals : Object.keys(rows);
const measured = new Map(asked.map((name): [string, Figures[]] => [name, []]));

for (let round = 0; round < Number(values.rounds); round += 1) {
  for (let turn = 0; turn < asked.length; turn += 1) {
    const name = asked[(turn + round) % asked.length] as string;
    console.error(`round ${round + 1}: ${name}`);
    measured.get(name)?.push(await measure(name));
  }
}
if (values.json) console.log(JSON.stringify(Object.fromEntries(measured), undefined, 2));
else printTable();

async function measure(name: string): Promise<Figures> {
  const server = start("./server.ts", name);
  const reader = start("./reader.ts");
  try {
    const { port = 0 } = await answerOf<ServerAnswer>(server);
    const idle = await usageOf(server);
    await ask(reader, { task: "open", port, connections });
    const open = await usageOf(server);
    await load({ server, reader }, { events: PER_TURN * 4, perTurn: PER_TURN, interval: 0 });
    const burst = await load({ server, reader }, { events, perTurn: PER_TURN, interval: 0 });
    const perSecond = STEADY_DELIVERIES / connections;
    const paced = { events: Math.ceil(perSecond * 3), perTurn: 1, interval: 1000 / perSecond };
    const steady = await load({ server, reader }, paced);
    return {
      connect: (open.cpu - idle.cpu) / connections,
      memory: (open.memory - idle.memory) / connections / 1024,
      burst: burst / (events * connections),
      steady: steady / (paced.events * connections),
    };
  } finally {
    server.kill("SIGKILL");
    reader.kill("SIGKILL");
  }
}

/** Publishes, waits until every reader has all of it, and gives the CPU time that it took the server, in microseconds. */
async function load(
  { server, reader }: { server: ChildProcess; reader: ChildProcess },
  task: Omit<Extract<ServerTask, { task: "load" }>, "task">,
): Promise<number> {
  const before = await usageOf(server);
  const received = ask(reader, { task: "await", events: task.events });
  send(server, { task: "load", ...task });
  await received;
  return (await usageOf(server)).cpu - before.cpu;
}

async function usageOf(server: ChildProcess): Promise<{ cpu: number; memory: number }> {
  send(server, { task: "usage" });
  const { cpu = 0, memory = 0 } = await answerOf<ServerAnswer>(server);
  return { cpu, memory };
}

function start(program: string, ...args: string[]): ChildProcess {
  const execArgv = ["--conditions=@ssekit/source", "--expose-gc"];
  return fork(fileURLToPath(new URL(program, import.meta.url)), args, { execArgv });
}

function send(child: ChildProcess, task: ServerTask | ReaderTask): void {
  child.send(task);
}

async function ask(reader: ChildProcess, task: ReaderTask): Promise<void> {
  const answer = answerOf<ReaderAnswer>(reader);
  send(reader, task);
  await answer;
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const ended = new AbortController();
  const exit = once(child, "exit", { signal: ended.signal }).then(() => {
    throw new Error("Cannot go on: a process of the comparison has ended, its reason stands above");
  });
  try {
    const [answer] = (await Promise.race([once(child, "message", { signal: ended.signal }), exit])) as [Answer];
    return answer;
  } finally {
    exit.catch(() => {});
    ended.abort();
  }
}

function printTable(): void {
  const titles = ["connect µs", "idle KB", "burst", "steady"];
  console.log(`${connections} connections, medians; in brackets how many times the floor of the goal`);
  console.log(["".padEnd(34), ...titles.map((title) => title.padStart(16))].join(""));
  for (const [name, rounds] of measured) {
    const cells = measures.map((measure) => {
      const { floor, ratio } = goals[measure];
      const floors = measured.get(floor);
      const value = median(rounds.map((figures) => figures[measure]));
      if (floors === undefined) return value.toFixed(1).padStart(16);
      const times = median(rounds.map((figures, round) => figures[measure] / (floors[round] as Figures)[measure]));
      const missed = name.startsWith("ssekit") && times > ratio ? "!" : "";
      return `${value.toFixed(1)} (${missed}${times.toFixed(2)})`.padStart(16);
    });
    console.log([name.padEnd(34), ...cells].join(""));
  }
  console.log(["goal for ssekit".padEnd(34), ...measures.map((m) => `(${goals[m].ratio})`.padStart(16))].join(""));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}
