/**
 * The hub's log in Redis or Valkey: one log for the processes of many machines.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { redisLog } from "@ssekit/hub-redis";
 * import { Redis } from "ioredis";
 *
 * const client = new Redis("redis://127.0.0.1:6379");
 * const hub = createHub({ log: redisLog(client) });
 * await hub.publish("news", { data: "Hello" });
 * await hub.close();
 * client.disconnect();
 * ```
 *
 * @module
 */
export {
  DEFAULT_REDIS_MAX_AGE,
  DEFAULT_REDIS_MAX_BYTES,
  DEFAULT_REDIS_MAX_OUTAGE,
  DEFAULT_REDIS_MAX_PENDING_BYTES,
  DEFAULT_REDIS_NAME,
  DEFAULT_REDIS_TIMEOUT,
  MAX_REDIS_MARKS,
} from "./defaults.ts";
export type { IoredisClient, NodeRedisClient, RedisClient } from "./redis-client.ts";
export { type RedisLogOptions, redisLog } from "./redis-log.ts";
