import { type StartServer, subjectOn } from "./running-server.ts";
import { epollServer } from "./start-epoll.ts";
import { startNchan } from "./start-nchan.ts";

/** What a server is for the goals: the rows of a group are compared with the floors of their group. */
export type Group = "Node" | "Deno" | "Bun" | "C";

/** A server of the comparisons. */
export interface Server {
  readonly name: string;
  readonly group: Group;
  readonly start: StartServer;
}

/** A plain server, what most write by hand. */
export const NODE_RESPONSE = "Node, res.write an event";
/** The floors of fan-out on Node. */
export const NODE_SOCKET_EVENT = "Node, pre-framed, one write an event";
export const NODE_SOCKET_TURN = "Node, pre-framed, one write a turn";
export const DENO_STREAM = "Deno.serve, bare stream";
export const BUN_STREAM = "Bun.serve, bare stream";
export const BETTER_SSE = "better-sse";

/** Ours, by group: bare streams and the hub. */
export const ours = {
  Node: ["@ssekit/node", "@ssekit/hub on Node"],
  Deno: ["@ssekit/deno", "@ssekit/hub on Deno"],
  Bun: ["@ssekit/bun", "@ssekit/hub on Bun"],
} as const;

/** Whether a row is one of ours. */
export function isOurs(name: string): boolean {
  return Object.values(ours).some((names) => (names as readonly string[]).includes(name));
}

/** Servers in C, which need what is not installed everywhere. */
const inC: readonly { readonly name: string; readonly start: StartServer | undefined; readonly needs: string }[] = [
  { name: "C on epoll, one write an event", start: epollServer("event"), needs: "a C compiler for Linux" },
  { name: "C on epoll, one write a turn", start: epollServer("turn"), needs: "a C compiler for Linux" },
  { name: "nginx with nchan", start: startNchan, needs: "nginx with nchan" },
];

/** The rows that are left out here, and why. */
export const skipped: readonly string[] = inC.flatMap(({ name, start, needs }) =>
  start === undefined ? [`${name}: ${needs} is not installed`] : [],
);

/** All servers, in the order of the tables. */
export const servers: readonly Server[] = [
  { name: NODE_SOCKET_EVENT, group: "Node", start: subjectOn("Node", "node-socket-event") },
  { name: NODE_SOCKET_TURN, group: "Node", start: subjectOn("Node", "node-socket-turn") },
  { name: NODE_RESPONSE, group: "Node", start: subjectOn("Node", "node-response") },
  { name: ours.Node[0], group: "Node", start: subjectOn("Node", "ssekit-node") },
  { name: ours.Node[1], group: "Node", start: subjectOn("Node", "ssekit-hub-node") },
  { name: "sse-channel", group: "Node", start: subjectOn("Node", "sse-channel") },
  { name: BETTER_SSE, group: "Node", start: subjectOn("Node", "better-sse") },
  { name: "@fastify/sse", group: "Node", start: subjectOn("Node", "fastify-sse") },
  { name: "fastify-sse-v2", group: "Node", start: subjectOn("Node", "fastify-sse-v2") },
  { name: "h3", group: "Node", start: subjectOn("Node", "h3") },
  { name: "Hono streamSSE", group: "Node", start: subjectOn("Node", "hono") },
  { name: DENO_STREAM, group: "Deno", start: subjectOn("Deno", "deno-stream") },
  { name: ours.Deno[0], group: "Deno", start: subjectOn("Deno", "ssekit-deno") },
  { name: ours.Deno[1], group: "Deno", start: subjectOn("Deno", "ssekit-hub-deno") },
  { name: BUN_STREAM, group: "Bun", start: subjectOn("Bun", "bun-stream") },
  { name: ours.Bun[0], group: "Bun", start: subjectOn("Bun", "ssekit-bun") },
  { name: ours.Bun[1], group: "Bun", start: subjectOn("Bun", "ssekit-hub-bun") },
  ...inC.flatMap(({ name, start }) => (start === undefined ? [] : [{ name, group: "C" as const, start }])),
];
