/**
 * The hub's log in a SQLite file: it survives the process, and several processes of one machine share it.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { sqliteLog } from "@ssekit/hub-sqlite";
 *
 * const hub = createHub({ log: sqliteLog("events.db") });
 * await hub.publish("news", { data: "Hello" });
 * await hub.close();
 * ```
 *
 * @module
 */
export {
  DEFAULT_SQLITE_LOCK_TIMEOUT,
  DEFAULT_SQLITE_MAX_AGE,
  DEFAULT_SQLITE_MAX_BYTES,
  DEFAULT_SQLITE_POLL_INTERVAL,
  MAX_SQLITE_MARKS,
} from "./defaults.ts";
export { type SqliteLogOptions, sqliteLog } from "./sqlite-log.ts";
