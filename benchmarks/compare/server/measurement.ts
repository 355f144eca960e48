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
    const { cpu } = await this.usage();
    const started = performance.now();
    const received = this.#ask<Received>({ task: "await" });
    const task = { task: "load", perTurn: BURST_TURN, interval: 0, size: EVENT_SIZE, ...load } as const;
    const [{ p99 }] = await Promise.all([received, this.#server.load(task)]);
    const time = performance.now() - started;
    return { cpu: (await this.usage()).cpu - cpu, time, p99 };
  }

  /** A burst of some `time` ms, of at most `most` events; gives how many it had, and what they cost. */
  async burst(time: number, most: number, load: Partial<LoadTask> = {}): Promise<Cost & { readonly events: number }> {
    // The first turns are slow, so this finds fewer than would fit.
    const first = await this.load({ events: Math.min(most, BURST_TURN * 4), ...load });
    const fitting = Math.floor((first.time > 0 ? time / first.time : 1) * 4) * BURST_TURN;
    const events = Math.max(Math.min(most, BURST_TURN * 4), Math.min(most, fitting));
    return { ...(await this.load({ events, ...load })), events };
  }

  #ask<Answer>(task: ReaderTask): Promise<Answer> {
    return this.#readers.ask<Answer>(task);
  }
}
