import { type StartServer, subjectOn } from "./running-server.ts";
import { startNchan } from "./start-nchan.ts";

/** What a server is for the goals: the rows of a group are compared with the floors of their group. */
export type Group = "Node" | "Deno" | "Bun" | "nginx";

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

/** All servers, in the order of the tables. nchan is only there where it is installed. */
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
  ...(startNchan === undefined ? [] : [{ name: "nginx with nchan", group: "nginx" as const, start: startNchan }]),
];
