import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ReaderAnswer, ReaderPlan, ReaderSample, ReaderTask } from "./load-messages.ts";
import type { Schedule } from "./load-reader.ts";
import type { Tally } from "./tally.ts";

/** What a pool tells while it runs. */
export interface PoolCallbacks {
  /** Once a second, the sum over all threads; `utilization` and latency are those of the busiest. */
  onSample(sample: ReaderSample): void;
  /** No reader of any thread has a stream any more. */
  onDeserted(): void;
}

const program = new URL(`./reader-worker${extname(import.meta.url)}`, import.meta.url);

/** The threads of readers, as one. */
export class ReaderPool {
  readonly #threads: readonly ReaderThread[];
  readonly #callbacks: PoolCallbacks;
  readonly #samples = new Map<ReaderThread, ReaderSample>();
  readonly #deserted = new Set<ReaderThread>();

  constructor(plan: ReaderPlan, threads: number, callbacks: PoolCallbacks) {
    this.#callbacks = callbacks;
    this.#threads = Array.from({ length: threads }, (_, index) => {
      const share = (whole: number): number => Math.floor(whole / threads) + (index < whole % threads ? 1 : 0);
      const connections = share(plan.connections);
      const thread: ReaderThread = new ReaderThread(
        {
          ...plan,
          connections,
          inFlight: Math.max(1, Math.min(connections, share(plan.inFlight))),
          stalled: share(plan.stalled),
          churn: plan.churn / threads,
        },
        (message) => this.#take(thread, message),
      );
      return thread;
    });
  }

  /**
   * Opens all connections; fulfils when each has begun or failed, with how long that took in milliseconds, without the
   * start of the threads, and the share of that time in which the busiest of them worked.
   */
  async open(): Promise<{ readonly time: number; readonly utilization: number }> {
    const answers = await this.#ask({ task: "open" }, "opened");
    const opened = answers.filter((answer) => answer.answer === "opened");
    const most = (of: (answer: (typeof opened)[number]) => number): number => Math.max(...opened.map(of));
    return {
      time: most(({ to }) => to) + most(({ from }) => -from),
      utilization: most(({ utilization }) => utilization),
    };
  }

  /** Fulfils when every thread knows the schedule: what came before would be nobody's. */
  async expect(schedule: Schedule): Promise<void> {
    await this.#ask({ task: "expect", schedule }, "expecting");
  }

  /** Fulfils when every reader has what was published, or `patience` milliseconds have passed. */
  async settle(published: readonly number[], patience: number): Promise<void> {
    await this.#ask({ task: "settle", published, patience }, "settled");
  }

  /** Closes all connections, and adds what they saw to the tally. */
  async finish(published: readonly number[], tally: Tally): Promise<void> {
    for (const answer of await this.#ask({ task: "finish", published }, "finished")) {
      if (answer.answer === "finished") tally.add(answer.tally);
    }
  }

  async terminate(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #ask(task: ReaderTask, answer: ReaderAnswer["answer"]): Promise<ReaderAnswer[]> {
    return Promise.all(this.#threads.map((thread) => thread.ask(task, answer)));
  }

  #take(thread: ReaderThread, message: ReaderAnswer): void {
    if (message.answer === "deserted") {
      this.#deserted.add(thread);
      if (this.#deserted.size === this.#threads.length) this.#callbacks.onDeserted();
    }
    if (message.answer !== "sample") return;
    this.#samples.set(thread, message.sample);
    if (this.#samples.size < this.#threads.length) return;
    const samples = [...this.#samples.values()];
    this.#samples.clear();
    const sum = (of: (sample: ReaderSample) => number): number => samples.map(of).reduce((a, b) => a + b);
    const most = (of: (sample: ReaderSample) => number): number => Math.max(...samples.map(of));
    this.#callbacks.onSample({
      open: sum(({ open }) => open),
      events: sum(({ events }) => events),
      bytes: sum(({ bytes }) => bytes),
      utilization: most(({ utilization }) => utilization),
      p50: most(({ p50 }) => p50),
      p99: most(({ p99 }) => p99),
    });
  }
}

class ReaderThread {
  readonly #worker: Worker;
  readonly #listener: (message: ReaderAnswer) => void;
  #awaited: { answer: ReaderAnswer["answer"]; resolve: (message: ReaderAnswer) => void } | undefined;
  #broken: Promise<never>;

  constructor(plan: ReaderPlan, listener: (message: ReaderAnswer) => void) {
    this.#listener = listener;
    this.#worker = new Worker(program, { workerData: plan });
    this.#worker.on("message", (message: ReaderAnswer) => this.#take(message));
    this.#broken = new Promise((_, reject) => this.#worker.on("error", reject));
    this.#broken.catch(() => {});
  }

  /** Rejects when the thread has broken, with what broke it. */
  ask(task: ReaderTask, answer: ReaderAnswer["answer"]): Promise<ReaderAnswer> {
    const answered = new Promise<ReaderAnswer>((resolve) => {
      this.#awaited = { answer, resolve };
    });
    this.#worker.postMessage(task);
    return Promise.race([answered, this.#broken]);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(message: ReaderAnswer): void {
    if (message.answer === this.#awaited?.answer) {
      const { resolve } = this.#awaited;
      this.#awaited = undefined;
      resolve(message);
    } else this.#listener(message);
  }
}
