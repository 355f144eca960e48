/**
 * A scheduler whose turns end at the test's command, for `createHub({ scheduler })`.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { ManualTurns, ScriptedSink } from "@ssekit/hub/testing";
 *
 * const turns = new ManualTurns();
 * const hub = createHub({ scheduler: turns.schedule });
 * const sink = new ScriptedSink();
 * await hub.subscribe(sink, "news");
 * await hub.publish("news", { data: "one" });
 * await hub.publish("news", { data: "two" });
 * await turns.end();
 * console.log(sink.writes.length); // 2: the cursor event, then both events in one write
 * await hub.close();
 * ```
 */
export class ManualTurns {
  #tasks: (() => void)[] = [];

  /** The scheduler. */
  readonly schedule = (task: () => void): void => {
    this.#tasks.push(task);
  };

  /** Ends turns until nothing is left to do, and lets all that follows from them happen. */
  async end(): Promise<void> {
    await settle();
    while (this.#tasks.length > 0) {
      const tasks = this.#tasks;
      this.#tasks = [];
      for (const task of tasks) task();
      await settle();
    }
  }
}

/** Lets promises do what they are about to: chains of a log in memory are a few dozen links long. */
async function settle(): Promise<void> {
  for (let link = 0; link < 100; link += 1) await Promise.resolve();
}
