import type { HubClock } from "./clock.ts";
import type { EventLog, NewEntry, Page, Position, Retention } from "./event-log.ts";

/** What a reader of a companion needs. */
export interface CompanionReaderInit<Message> {
  readonly log: EventLog;
  readonly name: string;
  readonly retention: Retention;
  readonly clock: HubClock;
  readonly onMessage: (message: Message) => void;
  /** Called where messages are missing: retention passed this node, or the store has lost what it had. */
  readonly onGap: () => void;
  readonly report: (error: unknown) => void;
}

/** Milliseconds before a companion is read again that could not be. */
const RETRY_DELAY = 1000;

const TOPICS = ["all"];

/**
 * What the nodes of a hub tell each other: messages in a log beside the events', never replayed to readers. Each reaches
 * every node that is there, for one that could not read goes on where it was (HUB A11).
 */
export class CompanionReader<Message> {
  readonly #init: CompanionReaderInit<Message>;
  readonly #stopping = new AbortController();
  #opened: EventLog | undefined;
  #following: Promise<void> | undefined;

  constructor(init: CompanionReaderInit<Message>) {
    this.#init = init;
  }

  /** Appends a message, and fulfils when it will reach every node. */
  async tell(message: Message): Promise<void> {
    const data = JSON.stringify(message);
    const entry: NewEntry = {
      topics: TOPICS,
      private: true,
      id: undefined,
      key: undefined,
      end: false,
      event: { data },
      bytes: data.length,
    };
    await this.#log.append([entry]);
  }

  /** Reads on from now, or from the start of what is kept; fulfils when it is known from where, and rejects when not. */
  follow(from: "now" | "start"): Promise<void> {
    this.#following ??= this.#start(from).catch((error: unknown) => {
      this.#following = undefined;
      throw error;
    });
    return this.#following;
  }

  stop(): void {
    this.#stopping.abort();
  }

  get #log(): EventLog {
    this.#opened ??= this.#init.log.companion(this.#init.name, this.#init.retention);
    return this.#opened;
  }

  async #start(from: "now" | "start"): Promise<void> {
    const head = await this.#log.head();
    let position = head;
    // What is kept is read at once, so that who asked knows it.
    if (from === "start") {
      position = await this.#log.floor();
      while (position.n < head.n) {
        const page = await this.#log.read(position, Number.POSITIVE_INFINITY);
        if (page.next.cursor === position.cursor) break;
        position = this.#take(page, page.after);
      }
    }
    void this.#run(position);
  }

  async #run(from: Position): Promise<void> {
    const { signal } = this.#stopping;
    let position = from;
    while (!signal.aborted) {
      try {
        for await (const page of this.#log.tail(position, signal)) position = this.#take(page, position);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#init.report(error);
        await this.#pause(signal);
      }
    }
  }

  #take(page: Page, position: Position): Position {
    if (page.after.cursor !== position.cursor) this.#contain(() => this.#init.onGap());
    for (const { event } of page.entries) {
      this.#contain(() => this.#init.onMessage(JSON.parse(event.data ?? "null") as Message));
    }
    return page.next;
  }

  /** One message that can't be heeded must not keep the others from being heard. */
  #contain(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#init.report(error);
    }
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        rest();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const rest = this.#init.clock.every(RETRY_DELAY, wake);
      signal.addEventListener("abort", wake);
    });
  }
}
