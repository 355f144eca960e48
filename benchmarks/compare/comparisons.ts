import type { Comparison } from "./comparison.ts";

/** What can be made smaller, to try the programs. */
export interface Sizes {
  /** Connections of the comparisons of servers. */
  readonly connections?: number | undefined;
}

/** Every comparison, by its name, in the order in which all are run. Each is loaded only where it is wanted. */
export const comparisons: Readonly<Record<string, (sizes: Sizes) => Promise<Comparison>>> = {
  codecs: async () => (await import("./codec/codecs.ts")).codecs(),
  parsers: async () => (await import("./codec/parser-peers.ts")).parserPeers(),
  sizes: async () => (await import("./size/sizes.ts")).sizes(),
  "fan-out": async ({ connections }) => (await import("./server/fan-out.ts")).fanOut(connections),
  "fan-out-to-many": async ({ connections }) => (await import("./server/fan-out.ts")).fanOutToMany(connections),
  "connect-storm": async ({ connections }) => (await import("./server/connect-storm.ts")).connectStorm(connections),
  "stalled-readers": async ({ connections }) =>
    (await import("./server/stalled-readers.ts")).stalledReaders(connections),
  "growth-connections": async () => (await import("./server/growth.ts")).growthOfConnections(),
  "growth-bytes": async () => (await import("./server/growth.ts")).growthOfSize(),
  "growth-topics": async () => (await import("./server/growth.ts")).growthOfTopics(),
  logs: async () => (await import("./server/logs.ts")).logs(),
  "client-throughput": async () => (await import("./client/client-throughput.ts")).clientThroughput(),
};
