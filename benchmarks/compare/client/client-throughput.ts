import { ChildProgram } from "../child-program.ts";
import type { Comparison, Row, Unit } from "../comparison.ts";
import { commandOf, type RuntimeName, runtimeNames } from "../runtimes.ts";
import { clients } from "./clients.ts";

const COLUMN = "events";
const PEER = "eventsource";

/** Which clients run where: undici is Node's own, and Deno alone has one that is native. */
function runsOn(runtime: RuntimeName, client: string): boolean {
  if (client === "undici") return runtime === "Node";
  return client !== "native" || runtime === "Deno";
}

/** One client that reads as fast as it can. */
export function clientThroughput(): Comparison {
  const all = runtimeNames.flatMap((runtime) =>
    Object.keys(clients)
      .filter((client) => runsOn(runtime, client))
      .map((client) => ({ runtime, client, row: rowOf(runtime, client) })),
  );
  return {
    name: "client-throughput",
    title: "Clients: events of an LLM's tokens that they deliver",
    columns: [{ name: COLUMN, unit: "per CPU second" }],
    rows: all.map(
      ({ runtime, client, row }): Row => ({
        name: row,
        ours: /^EventSource/.test(client),
        base: { [COLUMN]: rowOf(runtime, PEER) },
      }),
    ),
    goals: [],
    units: all.map(({ runtime, client, row }) => unitOf(runtime, client, row)),
    settings: { "bytes of an event": 52, "bytes of a write": 16_384 },
    rounds: 5,
    minutes: 2,
    chart: "bars",
  };
}

function rowOf(runtime: RuntimeName, client: string): string {
  return `${runtime}, ${client}`;
}

function unitOf(runtime: RuntimeName, client: string, row: string): Unit {
  return {
    name: row,
    async run(signal) {
      const source = commandOf("Node", new URL("./source.ts", import.meta.url));
      const { program: server, ready } = await ChildProgram.start<{ port: number }>(source, signal);
      try {
        const url = `http://127.0.0.1:${ready.port}/`;
        const command = commandOf(runtime, new URL("./program.ts", import.meta.url), client, url);
        const { program } = await ChildProgram.start(command, signal);
        try {
          const { perSecond } = await program.ask<{ perSecond: number }>({});
          return [{ row, column: COLUMN, values: [perSecond] }];
        } finally {
          await program.stop();
        }
      } finally {
        await server.stop();
      }
    },
  };
}
