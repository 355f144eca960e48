import { type EncodedEvent, EventStreamError, type ServerSentEvent } from "@ssekit/codec";
import { systemClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import { DEFAULT_BASE, DEFAULT_WINDOW_BYTES } from "./defaults.ts";
import { Delivery } from "./delivery.ts";
import type { EventLog, Position } from "./event-log.ts";
import type { EventSink } from "./event-sink.ts";
import { Filter } from "./filter.ts";
import type { Hub, HubOptions, PublishOptions, SubscribeOptions, Subscription, SubscriptionStart } from "./hub.ts";
import type { WireIds } from "./hub-entry.ts";
import { encodeCursorEvent, encodeGapEvent, type Gap } from "./hub-events.ts";
import { memoryLog } from "./memory-log.ts";
import type { PublishAllOptions, PublishAllOutcome, PublishAllSource } from "./publish-all.ts";
import { EARLIEST } from "./published-event.ts";
import { Publisher } from "./publisher.ts";

import { ReportedPromise } from "./reported-promise.ts";
import { type Matcher, type Target, topicsOf } from "./target.ts";
import { TopicReference } from "./topic-reference.ts";
import { type Scheduler, turnScheduler } from "./turn.ts";

/**
 * Creates a hub: what is published to a topic reaches its subscribers, each once and in order, and one that comes back
 * goes on where it was. What the log no longer has is told by a gap event.
 *
 * @throws {TypeError} for a `base` that is no URL.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 *
 * const hub = createHub();
 * await hub.publish("news", { event: "headline", data: { title: "Hello" } });
 * hub.count("news"); // 0
 * await hub.close();
 * ```
 */
export function createHub(options: HubOptions = {}): Hub {
  return new LogHub(options);
}

class LogHub implements Hub {
  readonly #log: EventLog;
  readonly #ids: WireIds;
  readonly #base: URL;
  readonly #onError: (error: unknown) => void;
  readonly #schedule: Scheduler;
  readonly #delivery: Delivery;
  readonly #publisher: Publisher;
  /** One subscription per sink: two cursors on one stream would lose and repeat (HUB A4). */
  readonly #sinks = new WeakSet<EventSink>();
  #closed = false;
  /** The latest cursor event: at a heartbeat all live connections get the same. */
  #cursorEvent: { readonly cursor: string; readonly bytes: EncodedEvent } | undefined;

  constructor(options: HubOptions) {
    this.#log = options.log ?? memoryLog();
    this.#ids = options.ids ?? "cursor";
    this.#base = new URL(options.base ?? DEFAULT_BASE);
    this.#onError = options.onError ?? ((error) => console.error(error));
    this.#schedule = options.scheduler ?? turnScheduler();
    this.#delivery = new Delivery({
      log: this.#log,
      reader: { ids: this.#ids, base: this.#base },
      windowBytes: options.windowBytes ?? DEFAULT_WINDOW_BYTES,
      schedule: this.#schedule,
      report: (error) => this.#report(error),
      onEnd: (entry) => this.#publisher.ended(entry.topics.map(({ text }) => text)),
    });
    this.#publisher = new Publisher({
      log: this.#log,
      ids: this.#ids,
      clock: options.clock ?? systemClock,
      delivery: this.#delivery,
      isRead: (target) => this.count(target) > 0,
      report: (error) => this.#report(error),
    });
  }

  subscribe(
    sink: EventSink,
    matchers: Matcher | readonly Matcher[],
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    return this.#watch(this.#subscribe(sink, matchers, options));
  }

  publish(target: Target, event: ServerSentEvent<unknown>, options: PublishOptions = {}): Promise<string> {
    return this.#watch(this.#whenOpen(() => this.#publisher.publish(target, event, options)));
  }

  publishAll(target: Target, source: PublishAllSource, options: PublishAllOptions = {}): Promise<PublishAllOutcome> {
    return this.#watch(this.#whenOpen(() => this.#publisher.publishAll(target, source, options)));
  }

  end(target: Target): Promise<string> {
    return this.#watch(this.#whenOpen(() => this.#publisher.end(target)));
  }

  async cursor(): Promise<string> {
    this.#refuseWhenClosed();
    return (await this.#log.head()).cursor;
  }

  count(target?: Target): number {
    if (target === undefined) return this.#delivery.connections.size;
    const found = new Set<Connection>();
    const topics = topicsOf(target).map((topic) => new TopicReference(topic, this.#base));
    this.#delivery.visit(topics, (connection) => found.add(connection));
    return found.size;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#publisher.stop();
    this.#delivery.stop();
    await this.#log.close();
  }

  async #subscribe(
    sink: EventSink,
    matchers: Matcher | readonly Matcher[],
    options: SubscribeOptions,
  ): Promise<Subscription> {
    const filter = new Filter({
      matchers: typeof matchers === "string" || "pattern" in matchers ? [matchers] : matchers,
      user: options.user,
      private: options.private ?? false,
      base: this.#base,
    });
    if (this.#sinks.has(sink)) {
      throw new TypeError("Cannot subscribe a sink twice: name all its topics in one subscription");
    }
    this.#sinks.add(sink);
    const connection = new Connection(sink, filter);
    try {
      this.#refuseWhenClosed();
      const held = hold(sink);
      await this.#delivery.follow();
      const { requested, cursor, position, gap } = await this.#startOf(sink, filter, options);
      const ended = await this.#endedBefore(position, filter);
      this.#refuseWhenClosed();
      const start = { cursor, gap: gap?.reason, requested };
      if (sink.signal.aborted) {
        // It has left, and nothing is registered.
      } else if (held && gap === undefined && filter.isExact && ended.length === filter.topics.size) {
        // It stands after the end of all that it asks for: 204 stops a native EventSource for good (RULES B14).
        sink.refuse(204);
      } else {
        this.#open(connection, sink, { start, position, gap, ended, onOpen: options.onOpen });
      }
      return { ...start, close: () => this.#delivery.close(connection, "server") };
    } catch (error) {
      this.#delivery.close(connection, "error");
      throw error;
    }
  }

  async #startOf(sink: EventSink, filter: Filter, { from = "now" }: SubscribeOptions): Promise<Start> {
    const requested = typeof from === "object" ? from.cursor : sink.lastEventId;
    if (requested === undefined || requested === EARLIEST) {
      const fromNow = requested === undefined && from === "now";
      const position = fromNow ? await this.#log.head() : await this.#log.floor();
      return { requested, cursor: position.cursor, position, gap: undefined };
    }
    if (this.#ids === "publisher" && !requested.startsWith("#")) {
      const found = await this.#log.find(requested);
      if (found !== undefined) return { requested, cursor: requested, position: found, gap: undefined };
    }
    const { position, gap, n } = await this.#log.resolve(requested);
    const lost = gap !== undefined && (gap !== "expired" || (await this.#log.trimmedAfter(filter.losable, n ?? 0)));
    if (!lost) return { requested, cursor: requested, position, gap: undefined };
    return { requested, cursor: position.cursor, position, gap: { reason: gap, position, since: n } };
  }

  /** The head, and in the same turn the first bytes, which move the reader to where it stands. */
  #open(connection: Connection, sink: EventSink, { start, position, gap, ended, onOpen }: Opening): void {
    try {
      onOpen?.(start);
    } catch (error) {
      this.#report(error);
    }
    sink.signal.addEventListener("abort", () => this.#delivery.remove(connection), { once: true });
    sink.onHeartbeat(() => connection.beat(this.#delivery.tail, (at) => this.#encodeCursor(at)));
    sink.open();
    connection.write(gap === undefined ? this.#encodeCursor(position) : encodeGapEvent(gap), position.cursor);
    connection.end(ended);
    if (!connection.closed) this.#delivery.add(connection, position);
  }

  /** The exact topics of which nothing can come after a position. */
  async #endedBefore(position: Position, { isExact, topics }: Filter): Promise<readonly string[]> {
    if (!isExact) return [];
    const exact = [...topics];
    const ends = await this.#log.ends(exact);
    return exact.filter((_, index) => (ends[index]?.n ?? Number.POSITIVE_INFINITY) <= position.n);
  }

  #encodeCursor(position: Position): EncodedEvent {
    if (this.#cursorEvent?.cursor !== position.cursor) {
      this.#cursorEvent = { cursor: position.cursor, bytes: encodeCursorEvent(position) };
    }
    return this.#cursorEvent.bytes;
  }

  async #whenOpen<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    return work();
  }

  #watch<T>(work: Promise<T>): Promise<T> {
    return ReportedPromise.watch(work, (error) => this.#report(error), this.#schedule);
  }

  #report(error: unknown): void {
    try {
      this.#onError(error);
    } catch {
      // Nobody is left to hear it.
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new EventStreamError("closed", "Cannot use the hub: it is closed");
  }
}

interface Start extends Omit<SubscriptionStart, "gap"> {
  readonly position: Position;
  readonly gap: Gap | undefined;
}

interface Opening extends Pick<Start, "position" | "gap"> {
  readonly start: SubscriptionStart;
  /** Its topics that have ended before it. */
  readonly ended: readonly string[];
  readonly onOpen: SubscribeOptions["onOpen"];
}

/** Whether the head could still be kept back: where not, it costs `onOpen` its header, and a 204. */
function hold(sink: EventSink): boolean {
  try {
    sink.hold();
    return true;
  } catch {
    return false;
  }
}
