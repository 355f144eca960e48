import type { HubClock } from "./clock.ts";
import { CompanionReader } from "./companion-reader.ts";
import type { EventLog } from "./event-log.ts";
import { randomEpoch } from "./random-epoch.ts";

/** What one node asks of all. A node of a later version may send others, which are ignored. */
type ControlMessage =
  | { readonly type: "disconnect" | "reauthorize"; readonly topics: readonly string[] }
  | { readonly type: "seek"; readonly topics: readonly string[]; readonly question: string }
  | { readonly type: "found"; readonly question: string };

/** What a node's control does on it. */
export interface ControlInit {
  readonly log: EventLog;
  readonly clock: HubClock;
  /** The connections that these topics concern shall go. */
  readonly onDisconnect: (topics: readonly string[]) => void;
  /** They shall be judged again; `undefined`: all shall, since this node has missed something. */
  readonly onReauthorize: (topics: readonly string[] | undefined) => void;
  /** Whether these topics concern a connection of this node. */
  readonly isRead: (topics: readonly string[]) => boolean;
  readonly report: (error: unknown) => void;
}

/** What is kept of the control log: a node that read none of it for longer judges all its connections again. */
const RETENTION = { maxBytes: 4 * 1024 * 1024, maxAge: 3_600_000 };

/** Milliseconds that other nodes get to say that they have a reader. */
const ANSWER_DELAY = 1000;

/** What must reach every node of a hub. */
export class Control {
  readonly #init: ControlInit;
  readonly #reader: CompanionReader<ControlMessage>;
  readonly #questions = new Map<string, () => void>();

  constructor(init: ControlInit) {
    this.#init = init;
    this.#reader = new CompanionReader({
      ...init,
      name: "control",
      retention: RETENTION,
      onMessage: (message: ControlMessage) => this.#heed(message),
      onGap: () => init.onReauthorize(undefined),
    });
  }

  /** Makes sure that this node hears what is asked of all. */
  follow(): Promise<void> {
    return this.#reader.follow("now");
  }

  disconnect(topics: readonly string[]): Promise<void> {
    return this.#reader.tell({ type: "disconnect", topics });
  }

  reauthorize(topics: readonly string[]): Promise<void> {
    return this.#reader.tell({ type: "reauthorize", topics });
  }

  /** Whether these topics concern a connection of any node; rejects when the others can't be asked. */
  async isRead(topics: readonly string[]): Promise<boolean> {
    if (this.#init.isRead(topics)) return true;
    await this.follow();
    const question = randomEpoch();
    const found = new Promise<boolean>((resolve) => this.#questions.set(question, () => resolve(true)));
    let rest = (): void => {};
    try {
      await this.#reader.tell({ type: "seek", topics, question });
      const silence = new Promise<boolean>((resolve) => {
        rest = this.#init.clock.every(ANSWER_DELAY, () => resolve(false));
      });
      return await Promise.race([found, silence]);
    } finally {
      rest();
      this.#questions.delete(question);
    }
  }

  stop(): void {
    this.#reader.stop();
  }

  #heed(message: ControlMessage): void {
    switch (message.type) {
      case "disconnect":
        this.#init.onDisconnect(message.topics);
        break;
      case "reauthorize":
        this.#init.onReauthorize(message.topics);
        break;
      case "seek":
        if (this.#init.isRead(message.topics)) {
          this.#reader.tell({ type: "found", question: message.question }).catch(this.#init.report);
        }
        break;
      case "found":
        this.#questions.get(message.question)?.();
    }
  }
}
