// One process of a cluster: a hub server on the log that argv[2] describes as JSON. Prints where it listens.
import { redisLog } from "@ssekit/hub-redis";
import { startHubServer } from "@ssekit/hub-server";
import { sqliteLog } from "@ssekit/hub-sqlite";
import { Redis } from "ioredis";
import { type Plant, plantedLog } from "./planted-log.ts";

/** What a process is told. */
export interface ClusterNodeInit {
  /** URL of the store, or path of the file. */
  readonly store: string;
  readonly plant?: Plant;
}

const { store, plant } = JSON.parse(process.argv[2] ?? "") as ClusterNodeInit;
const log = store.startsWith("redis:") ? openRedis(store) : sqliteLog(store);
// What goes wrong is the verdict's to judge.
const server = await startHubServer({ port: 0, log: plantedLog(log, plant), onError: () => {} });
console.log(`listening at ${server.url}`);

function openRedis(url: string): ReturnType<typeof redisLog> {
  const client = new Redis(url, { retryStrategy: () => 50 });
  client.on("error", () => {});
  return redisLog(client, { timeout: 1500, maxOutage: 4000 });
}
