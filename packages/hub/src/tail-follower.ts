import { EventStreamError } from "@ssekit/codec";
import { entrySize } from "./entry-size.ts";
import type { EventLog, Page, Position } from "./event-log.ts";
import type { Scheduler } from "./turn.ts";

/** What a follower needs. */
export interface TailFollowerInit {
  readonly log: EventLog;
  readonly schedule: Scheduler;
  /** Called once the head is known, from which the log is followed. */
  readonly onStart: (head: Position) => void;
  /** Called at the end of each turn that brought something, with all of it. */
  readonly onTurn: (pages: readonly Page[]) => void;
  /** Called when the log can't be followed any more; `follow` starts anew. */
  readonly onLost: (error: unknown) => void;
}

/** How much may arrive in one turn before follower and publishers wait for its end, in bytes. */
const MAX_TURN_BYTES = 1024 * 1024;

/** Follows a log, once for all connections of a node, and gathers what each turn brings. */
export class TailFollower {
  readonly #init: TailFollowerInit;
  #following: Promise<void> | undefined;
  #hears = false;
  #stopping = new AbortController();
  #arrived: Page[] = [];
  #arrivedBytes = 0;
  #turnEnd: Promise<void> = Promise.resolve();
  #endTurn: () => void = () => {};

  constructor(init: TailFollowerInit) {
    this.#init = init;
  }

  /** Whether all that the log brings arrives here: it may be lost again as soon as `follow` has fulfilled. */
  get hears(): boolean {
    return this.#hears;
  }

  /** Makes sure that the log is followed; rejects when it can't tell its head. */
  follow(): Promise<void> {
    this.#following ??= this.#start().catch((error: unknown) => {
      this.#following = undefined;
      throw error;
    });
    return this.#following;
  }

  /** Fulfils when there is room for more: a publisher who never leaves its turn would else starve all delivery. */
  async room(): Promise<void> {
    if (this.#arrivedBytes > MAX_TURN_BYTES) await this.#turnEnd;
  }

  /** Gives what has arrived, and stops. */
  stop(): void {
    this.#flush();
    this.#hears = false;
    this.#stopping.abort();
  }

  async #start(): Promise<void> {
    const head = await this.#init.log.head();
    this.#init.onStart(head);
    this.#hears = true;
    this.#stopping = new AbortController();
    void this.#run(head, this.#stopping.signal);
  }

  async #run(head: Position, signal: AbortSignal): Promise<void> {
    try {
      for await (const page of this.#init.log.tail(head, signal)) {
        if (signal.aborted) return;
        this.#arrive(page);
        await this.room();
      }
      if (!signal.aborted)
        throw new EventStreamError("closed", "Cannot follow the log: its tail ended by itself; look at the driver");
    } catch (error) {
      if (!signal.aborted) this.#lose(error);
    }
  }

  #arrive(page: Page): void {
    if (this.#arrived.length === 0) {
      this.#turnEnd = new Promise((resolve) => {
        this.#endTurn = resolve;
      });
      this.#init.schedule(() => this.#flush());
    }
    this.#arrived.push(page);
    for (const entry of page.entries) this.#arrivedBytes += entrySize(entry);
  }

  #flush(): void {
    try {
      this.#init.onTurn(this.#settle());
    } catch (error) {
      this.#lose(error);
    }
  }

  #lose(error: unknown): void {
    this.#hears = false;
    this.#stopping.abort();
    this.#following = undefined;
    this.#settle();
    this.#init.onLost(error);
  }

  #settle(): readonly Page[] {
    const pages = this.#arrived;
    this.#arrived = [];
    this.#arrivedBytes = 0;
    this.#endTurn();
    return pages;
  }
}
