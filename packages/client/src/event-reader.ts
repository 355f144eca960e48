import { createParser, type DispatchedEvent, type EventParser, EventStreamError } from "@ssekit/codec";
import type { ClientEvent, ClientGap } from "./client-options.ts";
import { COMMENT, type Delivery, GAP } from "./delivery.ts";

/** Stands for "no id yet" in a parser: no id has a line feed, so that even the id it was resumed from is a new one. */
const NO_ID = "\n";

/** How a stream is read. */
export interface EventReaderOptions {
  readonly dedupeWindow: number;
  readonly maxEventBytes: number | undefined;
  readonly until: string | ((event: ClientEvent) => boolean) | undefined;
  /** Makes data of text; throws if it can't. */
  readonly decode: (data: string) => unknown;
  /** Told what is wrong with an event. */
  readonly onError: (error: unknown) => void;
  /** Told the reconnection time, in ms. */
  readonly onReconnectionTime: (ms: number) => void;
  /** Told that the stream's last event has come. */
  readonly onEnd: () => void;
}

/** Makes deliveries of bytes: drops repeats, keeps the hub's own events to itself, and knows the end of the stream. */
export class EventReader {
  readonly #delivery: Delivery;
  readonly #options: EventReaderOptions;
  readonly #parser: EventParser;
  /** The ids that came last, oldest first. */
  readonly #seen = new Set<string>();
  #lastEventId = "";
  /** Whether the block that is read now has an id of its own. */
  #ownId = false;
  #failure: EventStreamError | undefined;

  constructor(delivery: Delivery, options: EventReaderOptions) {
    this.#delivery = delivery;
    this.#options = options;
    const { maxEventBytes, onReconnectionTime } = options;
    this.#parser = createParser(
      {
        onEvent: (event) => this.#read(event),
        onComment: (comment) => delivery.tell(COMMENT, comment),
        onReconnectionTime,
        onLastEventId: (id) => {
          this.#move();
          this.#lastEventId = id;
          this.#ownId = true;
        },
        onError: (error) => {
          this.#failure = error;
        },
      },
      { maxEventBytes },
    );
  }

  /** The last event ID of what has been read, delivered or not yet. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Begins a stream, which continues from a last event ID. */
  begin(lastEventId: string): void {
    this.#lastEventId = lastEventId;
    this.#parser.reset({ lastEventId: NO_ID });
    if (lastEventId !== "") this.#remember(lastEventId);
  }

  /** Reads the next bytes. @throws {EventStreamError} If an event is too large. */
  feed(chunk: Uint8Array): void {
    this.#parser.feed(chunk);
    this.#move();
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  /** Reads no more, of this chunk either. */
  stop(): void {
    this.#parser.stop();
  }

  #read({ type, data }: DispatchedEvent): void {
    const { until, onEnd } = this.#options;
    const lastEventId = this.#lastEventId;
    const repeated = this.#ownId && !this.#remember(lastEventId);
    if (repeated || type === "ssekit.cursor") return;
    if (type === "ssekit.gap") {
      this.#tellGap(data);
      return;
    }
    if (data === until) {
      onEnd();
      return;
    }
    let event: ClientEvent;
    try {
      event = { type, data: this.#options.decode(data) as string, lastEventId };
    } catch (error) {
      this.#refuse(type, error);
      return;
    }
    this.#ownId = false;
    this.#delivery.give(event);
    if (typeof until === "function" && until(event)) onEnd();
  }

  #tellGap(data: string): void {
    try {
      this.#delivery.tell(GAP, JSON.parse(data) as ClientGap);
    } catch (error) {
      this.#refuse("ssekit.gap", error);
    }
  }

  #refuse(type: string, cause: unknown): void {
    const message = `Cannot take an event of the type ${type}: its data is not valid`;
    this.#options.onError(new EventStreamError("invalid-event", message, { cause }));
  }

  /** Tells of an id that came without an event that was delivered. */
  #move(): void {
    if (this.#ownId) this.#delivery.move(this.#lastEventId);
    this.#ownId = false;
  }

  /** Whether the id was not among those that came last. */
  #remember(id: string): boolean {
    const { dedupeWindow } = this.#options;
    if (dedupeWindow === 0 || id === "") return true;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > dedupeWindow) this.#seen.delete(this.#seen.values().next().value as string);
    return true;
  }
}
