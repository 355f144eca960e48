import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startProgram } from "testing";
import { SOAK_TOPIC, SoakReader, soakData } from "./soak-reader.ts";
import type { Latency, Memory, SoakReport } from "./soak-report.ts";

/** How a soak is run. */
export interface SoakOptions {
  readonly seed: number;
  readonly connections: number;
  /** Seconds of publishing, of all phases together. */
  readonly seconds: number;
  /** Events per second. */
  readonly rate: number;
  /** Bytes of an event's data. */
  readonly size: number;
}

/** Of the readers, one in so many reads nothing in the second phase. */
const SILENT = 10;
/** Connections that are opened at once. */
const BATCH = 200;
const PATIENCE = 120_000;

/** Runs `ssekit-hub` in a process of its own and all readers in this one, publishes, and reports what it saw. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
  const command = [process.execPath, "--conditions=@ssekit/source", cli, "--port", "0", "--json", "--metrics"];
  const program = await startProgram(command, { until: /^({.*})$/m });
  const { url } = JSON.parse(program.match[1] as string) as { url: string };
  const soak = new Soak(url, options);
  try {
    return await soak.run();
  } finally {
    soak.leave();
    await program.stop("SIGKILL");
  }
}

class Soak {
  readonly #url: string;
  readonly #options: SoakOptions;
  readonly #readers: SoakReader[] = [];
  #published = 0;
  #deliveries = 0;
  /** Of the phase that runs. */
  #latencies: number[] = [];

  constructor(url: string, options: SoakOptions) {
    this.#url = url;
    this.#options = options;
  }

  async run(): Promise<SoakReport> {
    const { seed, connections, seconds } = this.#options;
    await this.#connect();
    const silent = this.#readers.filter((_, index) => (index + seed) % SILENT === 0);
    const reading = new Set(this.#readers.filter((reader) => !silent.includes(reader)));
    for (const reader of this.#readers) {
      reader.onLatency = (ms) => {
        this.#deliveries += 1;
        if (reading.has(reader)) this.#latencies.push(ms);
      };
    }

    // All read for a quarter before and after, so that what the machine does besides falls upon both alike.
    await this.#publish(seconds / 4);
    await this.#untilAll(this.#readers);
    const before = await this.#memory();
    const allRead = this.#latencies;
    this.#latencies = [];

    for (const reader of silent) reader.pause();
    let blocked = 0;
    await this.#publish(seconds / 2, async () => {
      blocked = Math.max(blocked, await this.#scrape('ssekit_hub_connections{state="behind"}'));
    });
    await this.#untilAll([...reading]);
    const whileBlocked = await this.#memory();
    const someBlocked = this.#latencies;

    for (const reader of silent) reader.resume();
    await this.#untilAll(this.#readers);
    this.#latencies = allRead;
    await this.#publish(seconds / 4);
    await this.#untilAll(this.#readers);

    const sum = (pick: (reader: SoakReader) => number): number =>
      this.#readers.reduce((total, reader) => total + pick(reader), 0);
    return {
      seed,
      connections,
      silent: silent.length,
      blocked,
      published: this.#published,
      deliveries: this.#deliveries,
      lost: sum(({ lost, newest }) => lost + this.#published - newest),
      repeated: sum(({ repeated }) => repeated),
      gaps: sum(({ gaps }) => gaps),
      reconnections: sum((reader) => reader.connections) - connections,
      latency: { allRead: latencyOf(allRead), someBlocked: latencyOf(someBlocked) },
      memory: { before, blocked: whileBlocked, after: await this.#memory() },
    };
  }

  leave(): void {
    for (const reader of this.#readers) reader.leave();
  }

  async #connect(): Promise<void> {
    const { connections } = this.#options;
    while (this.#readers.length < connections) {
      const batch = Math.min(BATCH, connections - this.#readers.length);
      for (let count = 0; count < batch; count += 1) this.#readers.push(new SoakReader(this.#url));
      await this.#until(() => this.#readers.every((reader) => reader.connections > 0));
    }
  }

  /** Publishes for so many seconds, and calls `look` every second. */
  async #publish(seconds: number, look?: () => Promise<void>): Promise<void> {
    const { rate, size } = this.#options;
    const start = performance.now();
    const count = Math.ceil(seconds * rate);
    for (let event = 0; event < count; event += 1) {
      await sleep(Math.max(0, start + (event * 1000) / rate - performance.now()));
      this.#published += 1;
      const body = new URLSearchParams({ topic: SOAK_TOPIC, data: soakData(this.#published, size) });
      const answer = await fetch(`${this.#url}/.well-known/mercure`, { method: "POST", body });
      if (!answer.ok) throw new Error(`Cannot publish: the hub answered ${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
      if (look !== undefined && (event % rate === 0 || event === count - 1)) await look();
    }
  }

  /** Waits until these have all that was published, or until it is the verdict's to say that they don't. */
  #untilAll(readers: readonly SoakReader[]): Promise<void> {
    return this.#until(() => readers.every(({ newest }) => newest >= this.#published));
  }

  async #until(holds: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (performance.now() < deadline && !holds()) await sleep(50);
  }

  async #memory(): Promise<Memory> {
    return {
      resident: await this.#scrape("process_resident_memory_bytes"),
      heap: await this.#scrape("nodejs_heap_size_used_bytes"),
    };
  }

  async #scrape(series: string): Promise<number> {
    const text = await (await fetch(`${this.#url}/metrics`)).text();
    const line = text.split("\n").find((candidate) => candidate.startsWith(`${series} `));
    return Number(line?.slice(series.length));
  }
}

function latencyOf(values: readonly number[]): Latency {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { median: at(0.5), p99: at(0.99) };
}
