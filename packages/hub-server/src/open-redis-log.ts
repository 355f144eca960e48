import type { EventLog } from "@ssekit/hub";

/** Milliseconds between two attempts to reach the store, at most. */
const MAX_RETRY_DELAY = 1_000;

/** Opens a log in Redis by a client of its own, which it closes with the log. Rejects when the store can't be used. */
export async function openRedisLog(url: string): Promise<EventLog> {
  // Loaded on demand, for most hubs need neither.
  const [{ redisLog }, { Redis }] = await Promise.all([import("@ssekit/hub-redis"), import("ioredis")]);
  const client = new Redis(url, {
    connectionName: "ssekit-hub",
    retryStrategy: (times) => Math.min(times * 50, MAX_RETRY_DELAY),
    // After a failover, whoever answers so is a primary no longer.
    reconnectOnError: ({ message }) => message.startsWith("READONLY"),
  });
  // What can't be done while it is away rejects; this would only be the same again for each attempt.
  client.on("error", () => {});
  const log = redisLog(client);
  const close = log.close.bind(log);
  log.close = async () => {
    await close();
    client.disconnect();
  };
  try {
    await log.head();
  } catch (error) {
    await log.close();
    throw error;
  }
  return log;
}
