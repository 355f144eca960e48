import { type EventLog, memoryLog } from "@ssekit/hub";

/** What the command line says of a log: where it is kept. */
export type LogPlace = "memory" | `sqlite:${string}`;

/** Whether a text names a place that a log can be kept in. */
export function isLogPlace(text: string): text is LogPlace {
  return text === "memory" || /^sqlite:./.test(text);
}

/** Opens the log that the command line names. Rejects as the driver does. */
export async function openLog(place: LogPlace): Promise<EventLog> {
  if (place === "memory") return memoryLog();
  // Loaded on demand, for Node 22 warns that its SQLite is experimental.
  const { sqliteLog } = await import("@ssekit/hub-sqlite");
  return sqliteLog(place.slice("sqlite:".length));
}
