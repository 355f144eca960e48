import process from "node:process";
import { createHub, type EventLog, type EventSink, memoryLog } from "@ssekit/hub";

/** A hub as the comparisons drive it. */
export interface BenchHub {
  publish(data: string, index: number): Promise<string>;
  /** Subscribes to what the query of the request's URL says: `topic`, as often as needed, or else all that is published. */
  subscribe(sink: EventSink, url?: string): Promise<unknown>;
}

/**
 * A hub over the log that the program's first argument names, or as it is by default; events go to so many topics in
 * turn as the second says.
 */
export async function openHub(): Promise<BenchHub> {
  const [, , log, topics = "1"] = process.argv;
  const hub = createHub(log === undefined ? {} : { log: await openLog(log) });
  const count = Number(topics);
  return {
    publish: (data, index) => hub.publish(`topic/${index % count}`, { data }),
    subscribe(sink, url = "/") {
      const { searchParams } = new URL(url, "http://bench");
      const wanted = searchParams.getAll("topic").map((number) => `topic/${number}`);
      const from = searchParams.has("start") ? { from: "start" as const } : {};
      return hub.subscribe(sink, wanted.length > 0 ? wanted : "topic/0", from);
    },
  };
}

/** Enough for every comparison. */
const MAX_BYTES = 2 ** 28;

async function openLog(name: string): Promise<EventLog> {
  if (name === "memory") return memoryLog({ maxBytes: MAX_BYTES });
  if (name.startsWith("redis:")) {
    const [{ redisLog }, { Redis }] = await Promise.all([import("@ssekit/hub-redis"), import("ioredis")]);
    return redisLog(new Redis(name), { maxBytes: MAX_BYTES });
  }
  const { sqliteLog } = await import("@ssekit/hub-sqlite");
  return sqliteLog(name, { maxBytes: MAX_BYTES });
}
