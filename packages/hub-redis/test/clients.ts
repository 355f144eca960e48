import type { RedisClient } from "@ssekit/hub-redis";
import { Redis } from "ioredis";
import { createClient } from "redis";

/** A client that a test made, and what ends it. */
export interface TestClient {
  readonly client: RedisClient;
  readonly end: () => void;
}

/** Makes each kind of client, as a user would; what goes wrong with its connection is no error of the test. */
export const clientKinds: Record<string, (url: string) => Promise<TestClient>> = {
  async ioredis(url) {
    const client = new Redis(url, { retryStrategy: () => 20 });
    client.on("error", () => {});
    return { client, end: () => client.disconnect() };
  },
  async redis(url) {
    const client = createClient({ url, socket: { reconnectStrategy: () => 20 } });
    client.on("error", () => {});
    await client.connect();
    return { client, end: () => client.destroy() };
  },
};
