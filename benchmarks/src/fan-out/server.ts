// One server of the comparison, in a process of its own: `run.ts` starts it with the name of its row.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { ServerAnswer, ServerTask } from "./messages.ts";
import { rows } from "./rows.ts";

/** With the event's own bytes some 200 bytes an event, as in PEERS. */
const PADDING = "x".repeat(184);

const create = rows[process.argv[2] ?? ""];
if (create === undefined) throw new Error(`Cannot find the row ${process.argv[2]}: see rows.ts`);
const row = create();
const server = createServer((req, res) => void row.open(req, res));
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
await once(server, "listening");
process.on("message", (task: ServerTask) => void (task.task === "usage" ? answer(usage()) : load(task)));
answer({ port: (server.address() as AddressInfo).port });

async function load({ events, perTurn, interval }: Extract<ServerTask, { task: "load" }>): Promise<void> {
  const started = performance.now();
  for (let sent = 0; sent < events; ) {
    for (const end = Math.min(sent + perTurn, events); sent < end; sent += 1) row.publish(`${sent} ${PADDING}`);
    row.endTurn?.();
    const next = started + (sent / perTurn) * interval - performance.now();
    if (interval > 0 && next > 1) await setTimeout(next);
    else await new Promise((resolve) => setImmediate(resolve));
  }
}

function usage(): ServerAnswer {
  const { user, system } = process.cpuUsage();
  (globalThis as { gc?: () => void }).gc?.();
  return { cpu: user + system, memory: process.memoryUsage().rss };
}

function answer(message: ServerAnswer): void {
  process.send?.(message);
}
