import { type EventLog, memoryLog } from "@ssekit/hub";
import { openRedisLog } from "./open-redis-log.ts";

/** What the command line says of a log: where it is kept. */
export type LogPlace = "memory" | `sqlite:${string}` | `redis:${string}` | `rediss:${string}`;

/** Whether a text names a place that a log can be kept in. */
export function isLogPlace(text: string): text is LogPlace {
  if (/^rediss?:/.test(text)) return /^rediss?:\/\/./.test(text) && URL.canParse(text);
  return text === "memory" || /^sqlite:./.test(text);
}

/** The place as others may read it: without a password. */
export function publicName(place: LogPlace): string {
  if (!place.startsWith("redis")) return place;
  return Object.assign(new URL(place), { username: "", password: "" }).href;
}

/** Opens the log that the command line names. Rejects as the driver does. */
export async function openLog(place: LogPlace): Promise<EventLog> {
  if (place === "memory") return memoryLog();
  if (place.startsWith("redis")) return openRedisLog(place);
  // Loaded on demand, for Node 22 warns that its SQLite is experimental.
  const { sqliteLog } = await import("@ssekit/hub-sqlite");
  return sqliteLog(place.slice("sqlite:".length));
}
