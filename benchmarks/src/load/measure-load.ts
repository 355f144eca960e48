import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { LoadFailure } from "./failure.ts";
import type { ReaderSample } from "./load-messages.ts";
import type { LoadOptions } from "./load-options.ts";
import { type LoadReport, stalledOf, summarizeLoad } from "./load-report.ts";
import { now } from "./now.ts";
import { type Publish, type Published, publishOnSchedule } from "./publish-on-schedule.ts";
import { ReaderPool } from "./reader-pool.ts";
import { Tally } from "./tally.ts";

/** Where a run stands. */
export interface LoadProgress {
  readonly phase: "connecting" | "measuring" | "settling";
  /** Milliseconds since the phase began. */
  readonly elapsed: number;
  readonly sample: ReaderSample | undefined;
}

/** The first event is due so long after the readers are told of it, in milliseconds. */
const LEAD = 20;

/** How a run is watched and stopped. */
export interface LoadControl {
  /** Ends the run before its time: what was seen so far is reported, as partial. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * Puts load on a server of event streams and measures what its readers see: every profile but `finite`, which
 * {@linkcode measureFiniteStreams} measures. It fulfils with a report whatever the server does; a run that ended before
 * its time says why in `partial`.
 */
export async function measureLoad(options: LoadOptions, control: LoadControl = {}): Promise<LoadReport> {
  const run = new LoadRun(options, control);
  const interrupt = (): void => run.end("it was interrupted");
  control.signal?.addEventListener("abort", interrupt, { once: true });
  try {
    return await run.measure();
  } finally {
    control.signal?.removeEventListener("abort", interrupt);
    await run.pool.terminate();
  }
}

class LoadRun {
  readonly pool: ReaderPool;
  readonly #options: LoadOptions;
  readonly #control: LoadControl;
  readonly #name: string = randomBytes(4).toString("hex");
  readonly #tally = new Tally();
  readonly #samples: ReaderSample[] = [];
  readonly #ended = new AbortController();
  #partial: string | undefined;
  #phase: LoadProgress["phase"] = "connecting";
  #phaseSince = now();

  constructor(options: LoadOptions, control: LoadControl) {
    const { target, connections, inFlight, churn, timeout, threads, profile } = options;
    this.#options = options;
    this.#control = control;
    const plan = {
      target,
      run: this.#name,
      connections,
      inFlight: Math.min(inFlight, connections),
      stalled: stalledOf(options),
      churn,
      again: profile === "tokens",
      timeout,
    };
    this.pool = new ReaderPool(plan, threads, {
      onSample: (sample) => this.#take(sample),
      onDeserted: () => this.end("every stream has ended or broken"),
    });
  }

  /** Ends the run before its time. */
  end(reason: string): void {
    this.#partial ??= reason;
    this.#ended.abort();
  }

  async measure(): Promise<LoadReport> {
    const startedAt = new Date();
    // Of a run that is ended while it connects nobody waits for the rest.
    let connected = { time: 0, utilization: 0 };
    const ended = new Promise<void>((resolve) => this.#ended.signal.addEventListener("abort", () => resolve()));
    const opened = this.pool.open().then((answer) => {
      connected = answer;
    });
    await this.#during("connecting", () => Promise.race([opened, ended]));
    let published: Published | undefined;
    const duration = await this.#during("measuring", async () => {
      published = await this.#load();
    });
    const counts = published?.counts ?? [];
    await this.#during("settling", async () => {
      if (!this.#ended.signal.aborted) await this.pool.settle(counts, this.#options.settle);
    });
    await this.pool.finish(counts, this.#tally);
    return summarizeLoad({
      options: this.#options,
      startedAt,
      duration,
      connecting: connected.time,
      connectUtilization: connected.utilization,
      partial: this.#partial,
      tally: this.#tally,
      published,
      samples: this.#samples,
    });
  }

  /** Publishes for the duration of the run, or lets it pass. */
  async #load(): Promise<Published | undefined> {
    const { publish, duration } = this.#options;
    if (publish !== undefined) return this.#publish(publish);
    await setTimeout(duration, undefined, { signal: this.#ended.signal }).catch(() => {});
    return undefined;
  }

  async #publish(publish: Publish): Promise<Published> {
    const { rate, publishers, duration, settle, size } = this.#options;
    const schedule = { startedAt: now() + LEAD, interval: 1000 / rate, publishers };
    await this.pool.expect(schedule);
    return publishOnSchedule({
      publish,
      run: this.#name,
      schedule,
      size,
      events: Math.max(1, Math.round((rate * duration) / 1000 / publishers)),
      patience: duration + settle,
      signal: this.#ended.signal,
      onFailure: (error) => this.#tally.fail(new LoadFailure("publish", (error as Error).message)),
    });
  }

  /** Gives how long the work of one phase took, in milliseconds. */
  async #during(phase: LoadProgress["phase"], work: () => Promise<unknown>): Promise<number> {
    this.#phase = phase;
    this.#phaseSince = now();
    this.#tell();
    await work();
    return now() - this.#phaseSince;
  }

  #take(sample: ReaderSample): void {
    this.#samples.push(sample);
    this.#tell();
    const idle = sample.open === 0 && sample.events === 0;
    if (this.#options.profile === "tokens" && idle) this.end("no stream could be opened any more");
  }

  #tell(): void {
    const elapsed = now() - this.#phaseSince;
    this.#control.onProgress?.({ phase: this.#phase, elapsed, sample: this.#samples.at(-1) });
  }
}
