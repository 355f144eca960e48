import process from "node:process";
import { createHub, type EventLog, type EventSink, memoryLog } from "@ssekit/hub";

/** A hub as the comparisons drive it. */
export interface BenchHub {
  publish(data: string, index: number): Promise<string>;
  /**
   * Subscribes to the first topic, or with `?reader=37&of=10` to the share of the reader with this number, of which ten
   * have the same; with `start`, to all that was.
   */
  subscribe(sink: EventSink, url?: string): Promise<unknown>;
}

/**
 * A hub over the log that the program's first argument names, or as it is by default. Events go to so many topics in turn
 * as the second argument says, of which each reader has as many as the third.
 */
export async function openHub(): Promise<BenchHub> {
  const [, , log, topics = "1", share = "1"] = process.argv;
  const hub = createHub(log === undefined ? {} : { log: await openLog(log) });
  const [all, own] = [Number(topics), Number(share)];
  const topicsOf = (group: number): string[] => Array.from({ length: own }, (_, i) => `topic/${group * own + i}`);
  const first = topicsOf(0);
  return {
    publish(data, index) {
      const topic = index % all;
      // A reader counts what comes to it: the next event of its own topics.
      const number = Math.floor(index / all) * own + (topic % own);
      return hub.publish(`topic/${topic}`, { data: number === index ? data : data.replace(/^\d+/, `${number}`) });
    },
    subscribe(sink, url = "/") {
      // No hub needs to parse an address, so what most readers ask for is not found by parsing one.
      if (!url.includes("?")) return hub.subscribe(sink, first);
      const { searchParams } = new URL(url, "http://bench");
      const group = Math.floor(Number(searchParams.get("reader") ?? 0) / Number(searchParams.get("of") ?? 1));
      return hub.subscribe(sink, topicsOf(group), searchParams.has("start") ? { from: "start" } : {});
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
