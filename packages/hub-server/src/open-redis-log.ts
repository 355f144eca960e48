import { EventStreamError } from "@ssekit/codec";
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
  let lastError: Error | undefined;
  client.on("error", (error) => {
    lastError = error;
  });
  const log = redisLog(client);
  const close = log.close.bind(log);
  log.close = async () => {
    await close();
    client.disconnect();
  };
  try {
    await log.head();
  } catch (error) {
    const isConnected = client.status === "ready";
    await log.close();
    // The log knows only that there is no connection, and the client why.
    throw isConnected || lastError === undefined ? error : unreachable(lastError);
  }
  return log;
}

function unreachable(cause: Error): EventStreamError {
  const reason = /^(?:NOAUTH|WRONGPASS)\b/.test(cause.message)
    ? "it refuses the user or the password; give those of the store, as in redis://user:password@host"
    : `${cause.message}; start Redis, or correct its address`;
  return new EventStreamError("log-unavailable", `Cannot reach the log in Redis: ${reason}`, { cause });
}
