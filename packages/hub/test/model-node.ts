import type { Hub, HubOptions } from "../src/hub.ts";
import type * as hubModule from "../src/mod.ts";
import type { SteppedLog } from "./stepped-log.ts";

/** What is under test: the real module, or one with a fault. */
export type HubModule = Pick<typeof hubModule, "createHub" | "memoryLog" | "resolveCursor">;

/** A node that restarts, dies and drains at the command of a test. */
export class ModelNode {
  hub: Hub;
  readonly #createHub: HubModule["createHub"];
  readonly #createLog: () => SteppedLog;
  readonly #options: HubOptions;
  #log: SteppedLog;
  #tasks: (() => void)[] = [];
  #drains = false;

  constructor(createHub: HubModule["createHub"], createLog: () => SteppedLog, options: HubOptions) {
    this.#createHub = createHub;
    this.#createLog = createLog;
    this.#options = options;
    this.#log = createLog();
    this.hub = this.#start();
  }

  endTurn(): boolean {
    const tasks = this.#tasks.splice(0);
    for (const task of tasks) task();
    return tasks.length > 0;
  }

  get drains(): boolean {
    return this.#drains;
  }

  drain(): void {
    this.#drains = true;
    void this.hub.drain();
  }

  /** Goes down in order, and comes up again. */
  restart(): void {
    this.#drains = false;
    void this.hub.close();
    this.#tasks = [];
    this.#log = this.#createLog();
    this.hub = this.#start();
  }

  /** The same without a word to the others. */
  kill(): void {
    this.#log.isDead = true;
    this.restart();
  }

  #start(): Hub {
    return this.#createHub({ ...this.#options, log: this.#log, scheduler: (task) => this.#tasks.push(task) });
  }
}
