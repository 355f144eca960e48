import type { Comparison } from "./comparison.ts";

/** What can be made smaller, to try the programs. */
export interface Sizes {
  /** Connections of the comparisons of servers. */
  readonly connections?: number | undefined;
}

/** Every comparison, by its name, in the order in which all are run. Each is loaded only where it is wanted. */
export const comparisons: Readonly<Record<string, (sizes: Sizes) => Promise<Comparison>>> = {
  codecs: async () => (await import("./codec/codecs.ts")).codecs(),
  "fan-out": async ({ connections }) => (await import("./server/fan-out.ts")).fanOut(connections),
  "connect-storm": async ({ connections }) => (await import("./server/connect-storm.ts")).connectStorm(connections),
  "client-throughput": async () => (await import("./client/client-throughput.ts")).clientThroughput(),
};
