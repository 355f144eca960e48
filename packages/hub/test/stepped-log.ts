import type { Appended, EventLog, NewEntry, Page, Position, Resolution, Retention } from "../src/event-log.ts";
import type { History } from "./history.ts";
import { methodsOf } from "./nodes.ts";
import type { Steps } from "./steps.ts";

/** What a node's end of the shared log needs. */
export interface SteppedLogInit {
  readonly inner: EventLog;
  readonly steps: Steps;
  readonly history: History;
  readonly node: number;
}

/**
 * One node's way to a log that several nodes share: each request, each reply and each batch of the tail waits for the
 * test to let it through, and all that is appended enters the history.
 */
export class SteppedLog implements EventLog {
  /** Whether its node was killed, and so tells the others nothing more. */
  isDead = false;
  readonly #init: SteppedLogInit;

  constructor(init: SteppedLogInit) {
    this.#init = init;
  }

  append(entries: readonly NewEntry[]): Promise<readonly Appended[]> {
    return this.#call(async ({ inner, history }) => {
      const floor = await inner.floor();
      const appended = await inner.append(entries);
      appended.forEach(({ cursor, outcome }, index) => {
        if (outcome === "appended") history.append(cursor, entries[index] as NewEntry, floor.n);
      });
      return appended;
    });
  }

  head(): Promise<Position> {
    return this.#call(({ inner }) => inner.head());
  }

  floor(): Promise<Position> {
    return this.#call(({ inner }) => inner.floor());
  }

  resolve(cursor: string): Promise<Resolution> {
    return this.#call(({ inner }) => inner.resolve(cursor));
  }

  find(id: string): Promise<Position | undefined> {
    return this.#call(async ({ inner }) => {
      const found = await inner.find(id);
      await this.#noteFloor();
      return found;
    });
  }

  ends(topics: readonly string[]): Promise<readonly (Position | undefined)[]> {
    return this.#call(({ inner }) => inner.ends(topics));
  }

  read(after: Position, maxBytes: number): Promise<Page> {
    return this.#call(({ inner }) => inner.read(after, maxBytes));
  }

  async *tail(after: Position, signal: AbortSignal): AsyncGenerator<Page> {
    const { inner, steps, node } = this.#init;
    for await (const page of inner.tail(after, signal)) {
      await steps.pass(node, "tail");
      yield page;
    }
  }

  trimmedAfter(topics: readonly string[] | undefined, cursor: string): Promise<boolean> {
    return this.#call(async ({ inner }) => {
      const answer = await inner.trimmedAfter(topics, cursor);
      await this.#noteFloor();
      return answer;
    });
  }

  companion(name: string, retention: Retention): EventLog {
    const companion = methodsOf(this.#init.inner.companion(name, retention));
    return {
      ...companion,
      append: (entries) => (this.isDead ? new Promise(() => {}) : companion.append(entries)),
      close: async () => {},
    };
  }

  async close(): Promise<void> {
    // The other nodes go on with it.
  }

  async #noteFloor(): Promise<void> {
    const { inner, history } = this.#init;
    history.trimmed = Math.max(history.trimmed, (await inner.floor()).n);
  }

  async #call<T>(use: (init: SteppedLogInit) => Promise<T>): Promise<T> {
    const { steps, node } = this.#init;
    await steps.pass(node, "call");
    const answer = await use(this.#init);
    await steps.pass(node, "call");
    return answer;
  }
}
