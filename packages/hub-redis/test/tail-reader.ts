import type { EventLog, GapReason, LogEntry, Position } from "@ssekit/hub";

/** Follows a log from its head, or from a position, and keeps what comes. */
export class TailReader {
  readonly entries: LogEntry[] = [];
  readonly gaps: (GapReason | "overrun")[] = [];
  /** Fulfils when the tail ends; rejects as it does. */
  readonly ended: Promise<void>;
  position: Position;
  readonly #stopping = new AbortController();
  #heard: () => void = () => {};

  private constructor(log: EventLog, from: Position) {
    this.position = from;
    this.ended = this.#follow(log);
    // Whoever wants to know awaits it.
    this.ended.catch(() => {});
  }

  static async start(log: EventLog, from?: Position): Promise<TailReader> {
    return new TailReader(log, from ?? (await log.head()));
  }

  get data(): (string | undefined)[] {
    return this.entries.map(({ event }) => event.data);
  }

  /** Waits for so many entries, or for what `holds` says; rejects when the tail ends before. */
  async until(wanted: number | (() => boolean)): Promise<void> {
    const holds = typeof wanted === "number" ? () => this.entries.length >= wanted : wanted;
    while (!holds()) {
      const heard = new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      await Promise.race([heard, this.ended.then(() => Promise.reject(new Error("The tail ended")))]);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.ended;
  }

  async #follow(log: EventLog): Promise<void> {
    for await (const page of log.tail(this.position, this.#stopping.signal)) {
      if (page.after.cursor !== this.position.cursor) this.gaps.push(page.gap ?? "overrun");
      this.entries.push(...page.entries);
      this.position = page.next;
      this.#heard();
    }
  }
}
