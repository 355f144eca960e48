import { ChildProgram } from "../child-program.ts";
import { commandOf } from "../runtimes.ts";
import type { ExpectTask, LoadTask, Opened, ReaderTask, Received, Usage } from "./messages.ts";
import type { RunningServer, StartServer } from "./running-server.ts";

/** How many connections are opened at once, unless all are. */
const IN_FLIGHT = 256;
/** With the event's own bytes some 200 bytes an event, as in PEERS. */
const EVENT_SIZE = 188;
/** How many events a burst has in each turn. */
const BURST_TURN = 16;

/** What a load cost. */
export interface Cost extends Received {
  /** CPU time of the server, in microseconds. */
  readonly cpu: number;
  /** From the first event published to the last one received, in milliseconds. */
  readonly time: number;
}

/** How connections are opened. */
export interface OpenOptions {
  /** How many at once: 256 by default. */
  readonly inFlight?: number;
  /** `{index}` in it becomes the connection's number. */
  readonly path?: string;
}

/** How a burst is sent; what is left out is as for all. */
export interface Burst extends Partial<Omit<LoadTask, "events">> {
  /** About how many milliseconds it lasts. */
  readonly time: number;
  /** How many events it has at most. */
  readonly most: number;
  readonly connections: number;
}

/** A server and its readers, each in processes of their own. */
export class Measurement {
  readonly #server: RunningServer;
  readonly #readers: ChildProgram;

  private constructor(server: RunningServer, readers: ChildProgram) {
    this.#server = server;
    this.#readers = readers;
  }

  /** Starts both, gives them to `measure`, and ends them. */
  static async with<T>(
    start: StartServer,
    signal: AbortSignal,
    measure: (measurement: Measurement) => Promise<T>,
  ): Promise<T> {
    const server = await start(signal);
    try {
      const command = commandOf("Node", new URL("./reader.ts", import.meta.url));
      const { program } = await ChildProgram.start(command, signal);
      try {
        return await measure(new Measurement(server, program));
      } finally {
        await program.stop();
      }
    } finally {
      await server.stop();
    }
  }

  usage(): Promise<Usage> {
    return this.#server.usage();
  }

  /** Opens connections, each until its first bytes. */
  open(connections: number, { inFlight = IN_FLIGHT, path = "/events" }: OpenOptions = {}): Promise<Opened> {
    return this.#ask<Opened>({ task: "open", port: this.#server.port, path, connections, inFlight });
  }

  /** Has the readers from this one on stop reading. */
  async stall(from: number): Promise<void> {
    await this.#ask({ task: "stall", from });
  }

  /** Publishes, and waits until the readers have all of it. */
  async load(load: Partial<LoadTask> & { events: number }, expected: Partial<ExpectTask> = {}): Promise<Cost> {
    await this.#ask({ task: "expect", events: load.events, ...expected });
    return await this.#cost(() => this.#publish(load));
  }

  /** Publishes to nobody, `perTurn` events at a time, each of them once the log has the ones before. */
  async append(load: Partial<LoadTask> & { events: number }): Promise<Omit<Cost, "p99">> {
    const { cpu } = await this.usage();
    const started = performance.now();
    await this.#publish({ ...load, awaited: true });
    const time = performance.now() - started;
    return { cpu: (await this.usage()).cpu - cpu, time };
  }

  #publish(load: Partial<LoadTask> & { events: number }): Promise<unknown> {
    return this.#server.load({ task: "load", perTurn: BURST_TURN, interval: 0, size: EVENT_SIZE, ...load });
  }

  /** A burst of some `time` ms, of at most `most` events; gives what a delivery to each of the connections cost. */
  async burst({ time, most, connections, ...load }: Burst): Promise<number> {
    const { perTurn = BURST_TURN } = load;
    // The first turns are slow, so this finds fewer than would fit.
    const first = { perTurn, ...load, events: Math.min(most, perTurn * 2) };
    const cost = await this.load(first);
    const fitting = Math.floor((first.events * time) / cost.time / perTurn) * perTurn;
    const events = Math.max(first.events, Math.min(most, fitting));
    const { cpu } = await this.load({ ...first, events });
    return cpu / (events * connections);
  }

  /** Has one reader come that is owed so many events; gives what all of that cost. */
  async replay(events: number, path: string): Promise<Cost> {
    await this.#ask({ task: "expect", events, readers: 1 });
    return await this.#cost(() => this.open(1, { path }));
  }

  /** What it costs until all is received that the readers expect. */
  async #cost(begin: () => Promise<unknown>): Promise<Cost> {
    const { cpu } = await this.usage();
    const started = performance.now();
    // In this order: a program does one task after the other.
    const begun = begin();
    const [{ p99 }] = await Promise.all([this.#ask<Received>({ task: "await" }), begun]);
    const time = performance.now() - started;
    return { cpu: (await this.usage()).cpu - cpu, time, p99 };
  }

  #ask<Answer>(task: ReaderTask): Promise<Answer> {
    return this.#readers.ask<Answer>(task);
  }
}
