import { createParser, type DispatchedEvent, type EventParser, EventStreamError } from "@ssekit/codec";
import type { ClientEvent, ClientGap } from "./client-options.ts";
import { COMMENT, type Delivery, GAP } from "./delivery.ts";

/** Stands for "no id yet" in a parser: no id has a line feed, so that even the id it was resumed from is a new one. */
const NO_ID = "\n";

/** How a stream is read. */
export interface EventReaderOptions {
  readonly dedupeWindow?: number | undefined;
  readonly maxEventBytes?: number | undefined;
  readonly until?: string | ((event: ClientEvent) => boolean) | undefined;
  /** Makes data of text, at once or later; throws or rejects if it can't. */
  readonly decode: (type: string, data: string) => unknown;
  /** Told what is wrong with an event. */
  readonly onError: (error: unknown) => void;
  /** Told the reconnection time, in ms. */
  readonly onReconnectionTime: (ms: number) => void;
  /** Told that the stream's last event has come. */
  readonly onEnd: () => void;
}

/**
 * Makes deliveries of bytes: drops repeats, keeps the hub's own events to itself, and knows the end of the stream. What
 * a chunk brings is handed on one after the other, for a schema may take its time; an id counts when what came with it
 * has been.
 */
export class EventReader {
  readonly #delivery: Delivery;
  readonly #options: EventReaderOptions;
  readonly #parser: EventParser;
  /** The ids that came last, oldest first. */
  readonly #seen = new Set<string>();
  #lastEventId = "";
  /** The id that the block which is read now has, if it has one of its own. */
  #id = "";
  #ownId = false;
  /** What is to be done for the chunk that is read, in order. */
  #items: (() => unknown)[] = [];

  constructor(delivery: Delivery, options: EventReaderOptions) {
    this.#delivery = delivery;
    this.#options = options;
    const { maxEventBytes, onReconnectionTime } = options;
    this.#parser = createParser(
      {
        onEvent: (event) => this.#items.push(() => this.#read(event)),
        onComment: (comment) => this.#items.push(() => delivery.tell(COMMENT, comment)),
        onReconnectionTime,
        onLastEventId: (id) =>
          this.#items.push(() => {
            this.#move();
            this.#id = id;
            this.#ownId = true;
          }),
        onError: (error) =>
          this.#items.push(() => {
            throw error;
          }),
      },
      { maxEventBytes },
    );
  }

  /** The last event ID of what has been handed on. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Begins a stream, which continues from a last event ID. */
  begin(lastEventId: string): void {
    this.#id = lastEventId;
    this.#commit();
    this.#parser.reset({ lastEventId: NO_ID });
  }

  /**
   * Reads the next bytes, until it is stopped.
   *
   * @throws {EventStreamError} If an event is too large.
   */
  async feed(chunk: Uint8Array): Promise<void> {
    const items: (() => unknown)[] = [];
    this.#items = items;
    this.#parser.feed(chunk);
    for (const item of items) {
      await item();
      if (this.#items !== items) return;
    }
    this.#move();
  }

  /** Hands on nothing more of this chunk. */
  stop(): void {
    this.#items = [];
  }

  async #read({ type, data }: DispatchedEvent): Promise<void> {
    const { until, onEnd, onError, decode } = this.#options;
    if ((this.#ownId && this.#seen.has(this.#id)) || type === "ssekit.cursor") return;
    if (data === until) return onEnd();
    const items = this.#items;
    let value: unknown;
    try {
      value = type === "ssekit.gap" ? JSON.parse(data) : await decode(type, data);
    } catch (cause) {
      const message = `Cannot take an event of the type ${type}: its data is invalid`;
      return onError(new EventStreamError("invalid-event", message, { cause }));
    }
    if (this.#items !== items) return;
    if (type === "ssekit.gap") return this.#delivery.tell(GAP, value as ClientGap);
    this.#commit();
    const event: ClientEvent = { type, data: value as string, lastEventId: this.#lastEventId };
    this.#delivery.give(event);
    if (typeof until === "function" && until(event)) onEnd();
  }

  /** Tells of an id that came without an event that was delivered. */
  #move(): void {
    if (!this.#ownId) return;
    this.#commit();
    this.#delivery.move(this.#lastEventId);
  }

  #commit(): void {
    const { dedupeWindow = 0 } = this.#options;
    this.#lastEventId = this.#id;
    this.#ownId = false;
    if (dedupeWindow === 0 || this.#id === "") return;
    this.#seen.add(this.#id);
    if (this.#seen.size > dedupeWindow) this.#seen.delete(this.#seen.values().next().value as string);
  }
}
