import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { EventLog, LogEntry } from "@ssekit/hub";
import { redisLog } from "@ssekit/hub-redis";
import { sqliteLog } from "@ssekit/hub-sqlite";
import { Redis } from "ioredis";
import { FaultProxy, type Program, type RedisServer, startProgram, startRedis } from "testing";
import { ClusterSubscriber } from "./cluster-subscriber.ts";
import { type ClusterVerdict, judge } from "./cluster-verdict.ts";
import type { Plant } from "./planted-log.ts";

/** What is done to a cluster while events flow. */
export type Fault =
  | "readers move"
  | "kill -9"
  | "slow tail"
  | "lost reply"
  | "paused store"
  | "restarted store"
  | "partition"
  | "restored copy";

/** How a cluster is run. */
export interface ClusterOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly subscribers: number;
  /** One after the other, each with some events before, during and after. */
  readonly faults: readonly Fault[];
  /** The program of the store; none: the nodes share a file. */
  readonly redis?: string;
  /** A fault in the code of every node, to see whether the verdict finds it. */
  readonly plant?: Plant;
}

const TOPICS = Array.from({ length: 20 }, (_, index) => `topic ${index}`);
/** All readers have it, so that its last event shows that they have all that came before. */
const ALL = "all";
const EVENTS_PER_STEP = 40;
/** Milliseconds by which a slow tail is late: more than readers need to come back. */
const SLOWNESS = 2_000;
/** Milliseconds after which a publisher asks another node. */
const RETRY_DELAY = 50;
const PATIENCE = 120_000;

/** Runs nodes, publishers and readers, injects the faults, and judges what each reader got. */
export async function runCluster(options: ClusterOptions): Promise<ClusterVerdict> {
  const cluster = await Cluster.start(options);
  try {
    return await cluster.run();
  } finally {
    await cluster.stop();
  }
}

interface Node {
  readonly program: Program;
  readonly url: string;
  readonly proxy: FaultProxy | undefined;
}

class Cluster {
  readonly #options: ClusterOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "ssekit-cluster-"));
  readonly #redis: RedisServer | undefined;
  readonly #nodes: Node[] = [];
  readonly #subscribers: ClusterSubscriber[] = [];
  readonly #acknowledged: string[] = [];
  readonly #random: () => number;
  #published = 0;
  /** Called at each publish that a node could not do. */
  #onRefusal: () => void = () => {};

  private constructor(options: ClusterOptions, redis: RedisServer | undefined) {
    this.#options = options;
    this.#redis = redis;
    this.#random = seeded(options.seed);
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options, options.redis === undefined ? undefined : await startRedis(options.redis));
    for (let node = 0; node < options.nodes; node += 1) cluster.#nodes.push(await cluster.#startNode());
    return cluster;
  }

  async run(): Promise<ClusterVerdict> {
    for (let count = 0; count < this.#options.subscribers; count += 1) {
      const topics = [this.#pick(TOPICS), this.#pick(TOPICS), ALL];
      this.#subscribers.push(new ClusterSubscriber([...new Set(topics)], () => this.#pick(this.#nodes).url));
    }
    await this.#until(({ received }) => received.length > 0);
    for (const fault of this.#options.faults) {
      await this.#publish(EVENTS_PER_STEP);
      await this.#inject(fault);
      await this.#publish(EVENTS_PER_STEP);
    }
    await this.#publishToAll();
    const { log, start } = await this.#readLog();
    const { seed } = this.#options;
    return judge({ seed, log, start, acknowledged: this.#acknowledged, readers: this.#subscribers });
  }

  async stop(): Promise<void> {
    for (const subscriber of this.#subscribers) subscriber.leave();
    await Promise.all(this.#nodes.map(({ program }) => program.stop("SIGKILL")));
    await Promise.all(this.#nodes.map(({ proxy }) => proxy?.close()));
    await this.#redis?.close();
    rmSync(this.#folder, { recursive: true });
  }

  async #inject(fault: Fault): Promise<void> {
    const redis = this.#redis;
    const node = this.#pick(this.#nodes);
    switch (fault) {
      case "readers move":
        return this.#moveReaders();
      case "kill -9": {
        const publishing = this.#publish(EVENTS_PER_STEP);
        await node.program.stop("SIGKILL");
        await node.proxy?.close();
        this.#nodes.splice(this.#nodes.indexOf(node), 1, await this.#startNode());
        return publishing;
      }
      case "slow tail":
        // The node hears late what the others have told their readers, who come to it meanwhile.
        node.proxy?.slowTail(SLOWNESS);
        await this.#publish(EVENTS_PER_STEP, undefined, node);
        await this.#moveReaders();
        node.proxy?.slowTail(0);
        return;
      case "lost reply": {
        const lost = node.proxy?.loseReply("EVALSHA");
        await this.#publish(EVENTS_PER_STEP);
        return lost;
      }
      case "paused store": {
        redis?.pause();
        const refused = this.#refused();
        const publishing = this.#publish(EVENTS_PER_STEP);
        const moving = this.#moveReaders();
        await refused;
        redis?.resume();
        await moving;
        return publishing;
      }
      case "restarted store": {
        const publishing = this.#publish(EVENTS_PER_STEP);
        await redis?.kill();
        await redis?.start();
        return publishing;
      }
      case "partition": {
        node.proxy?.cut();
        const refused = this.#refused();
        // The others go on: only the node that is cut off refuses.
        const publishing = this.#publish(EVENTS_PER_STEP);
        const moving = this.#moveReaders();
        await refused;
        node.proxy?.heal();
        await moving;
        return publishing;
      }
      case "restored copy": {
        const copy = await redis?.backUp();
        await this.#publish(EVENTS_PER_STEP / 2);
        // All have read what is taken back: the places that are given out again are behind every reader and every tail.
        await this.#publishToAll();
        if (copy !== undefined) await redis?.restore(copy);
        return this.#publish(EVENTS_PER_STEP);
      }
    }
  }

  /** A third of them, as a deploy or a tunnel does; fulfils when they have come back. */
  async #moveReaders(): Promise<void> {
    const moved = new Map<ClusterSubscriber, number>();
    for (const subscriber of this.#subscribers) {
      if (this.#random() >= 1 / 3) continue;
      moved.set(subscriber, subscriber.connections);
      subscriber.drop();
    }
    await this.#until((subscriber) => subscriber.connections > (moved.get(subscriber) ?? -1));
  }

  /** Fulfils when a node could not do a publish, for it has no store. */
  #refused(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRefusal = resolve;
    });
  }

  /** Publishes one more event, and fulfils when every reader has it, and so all before it. */
  async #publishToAll(): Promise<void> {
    await this.#publish(1, ALL);
    const last = this.#acknowledged.at(-1);
    await this.#until(({ received }) => received.some(({ lastEventId }) => lastEventId === last));
  }

  /** Publishes so many events, eight at a time, each until some node has acknowledged it. */
  async #publish(count: number, topic?: string, except?: Node): Promise<void> {
    let left = count;
    const publisher = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await this.#publishOne(topic ?? this.#pick(TOPICS), except);
      }
    };
    await Promise.all(Array.from({ length: 8 }, publisher));
  }

  async #publishOne(topic: string, except: Node | undefined): Promise<void> {
    this.#published += 1;
    const name = `event ${this.#published}`;
    const body = new URLSearchParams({ topic, data: name, id: name });
    while (true) {
      const { url } = this.#pick(this.#nodes.filter((node) => node !== except));
      const signal = AbortSignal.timeout(10_000);
      const answer = await fetch(`${url}/.well-known/mercure`, { method: "POST", body, signal }).catch(() => undefined);
      if (answer?.status === 200) return void this.#acknowledged.push(await answer.text());
      await answer?.body?.cancel();
      this.#onRefusal();
      await sleep(RETRY_DELAY);
    }
  }

  /** Waits until something holds for all readers, or until it is the verdict's to say that it doesn't. */
  async #until(holds: (subscriber: ClusterSubscriber) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE);
    await Promise.all(this.#subscribers.map((subscriber) => subscriber.until(() => holds(subscriber), signal)));
  }

  async #startNode(): Promise<Node> {
    const proxy = this.#redis && (await FaultProxy.start(this.#redis.port));
    const store = proxy === undefined ? join(this.#folder, "log.db") : `redis://127.0.0.1:${proxy.port}`;
    const init = JSON.stringify({ store, plant: this.#options.plant });
    const file = fileURLToPath(new URL("cluster-node.ts", import.meta.url));
    const command = [process.execPath, "--conditions=@ssekit/source", file, init];
    const program = await startProgram(command, { until: /listening at (\S+)/ });
    return { program, url: program.match[1] as string, proxy };
  }

  async #readLog(): Promise<{ log: LogEntry[]; start: string }> {
    const client = this.#redis && new Redis(this.#redis.url);
    const log: EventLog = client ? redisLog(client) : sqliteLog(join(this.#folder, "log.db"));
    const start = await log.floor();
    const entries: LogEntry[] = [];
    for (let next = start; ; ) {
      const page = await log.read(next, 1e6);
      if (page.entries.length === 0) break;
      entries.push(...page.entries);
      next = page.next;
    }
    await log.close();
    client?.disconnect();
    return { log: entries, start: start.cursor };
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }
}

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
