import { type EventContract, EventStreamError } from "@ssekit/codec";
import { Admission } from "./admission.ts";
import { type HubClock, systemClock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import { Control } from "./control.ts";
import {
  DEFAULT_BASE,
  DEFAULT_CATCH_UP_BYTES,
  DEFAULT_HUB_DRAIN_DEADLINE,
  DEFAULT_REAUTHORIZE_INTERVAL,
  DEFAULT_WINDOW_BYTES,
} from "./defaults.ts";
import { Delivery } from "./delivery.ts";
import { drainConnections } from "./drain.ts";
import type { EventLog } from "./event-log.ts";
import type { EventSink } from "./event-sink.ts";
import type {
  Hub,
  HubDrainOptions,
  HubEvent,
  HubOptions,
  PublishOptions,
  SubscribeOptions,
  Subscription,
} from "./hub.ts";
import { HubCounters } from "./hub-counters.ts";
import type { WireIds } from "./hub-entry.ts";
import type { HubMetrics } from "./hub-metrics.ts";
import { memoryLog } from "./memory-log.ts";
import { Presence } from "./presence.ts";
import type { PublishAllOptions, PublishAllOutcome, PublishAllSource } from "./publish-all.ts";
import { Publisher } from "./publisher.ts";
import { randomEpoch } from "./random-epoch.ts";
import { ReportedPromise } from "./reported-promise.ts";
import { Subscriber } from "./subscriber.ts";
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
export function createHub<Inputs = unknown>(options: HubOptions<Inputs> = {}): Hub<Inputs> {
  return new LogHub(options);
}

class LogHub<Inputs> implements Hub<Inputs> {
  readonly #log: EventLog;
  readonly #ids: WireIds;
  readonly #base: URL;
  readonly #onError: (error: unknown) => void;
  readonly #schedule: Scheduler;
  readonly #clock: HubClock;
  readonly #counters = new HubCounters();
  readonly #admission: Admission;
  readonly #delivery: Delivery;
  readonly #publisher: Publisher;
  readonly #subscriber: Subscriber;
  readonly #control: Control;
  readonly #presence: Presence;
  #closed = false;
  #draining: Promise<void> | undefined;

  constructor(options: HubOptions<Inputs>) {
    this.#log = options.log ?? memoryLog();
    this.#ids = options.ids ?? "cursor";
    this.#base = new URL(options.base ?? DEFAULT_BASE);
    this.#onError = options.onError ?? ((error) => console.error(error));
    this.#schedule = options.scheduler ?? turnScheduler();
    const { clock = systemClock } = options;
    this.#clock = clock;
    this.#admission = new Admission(options.limits);
    const counters = this.#counters;
    const node = randomEpoch();
    const report = (error: unknown): void => this.#report(error);
    this.#delivery = new Delivery({
      log: this.#log,
      reader: { ids: this.#ids, base: this.#base },
      windowBytes: options.windowBytes ?? DEFAULT_WINDOW_BYTES,
      catchUpBytes: options.catchUpBytes ?? DEFAULT_CATCH_UP_BYTES,
      schedule: this.#schedule,
      clock,
      counters,
      report,
      onEnd: (entry) => this.#publisher.ended(entry.topics.map(({ text }) => text)),
    });
    this.#publisher = new Publisher({
      log: this.#log,
      ids: this.#ids,
      events: options.events as EventContract<unknown, unknown> | undefined,
      clock,
      counters,
      delivery: this.#delivery,
      isReadHere: (topics) => this.#countOf(topics) > 0,
      isRead: (topics) => this.#control.isRead(topics),
      report,
    });
    this.#control = new Control({
      log: this.#log,
      clock,
      onDisconnect: (topics) => this.#subscriber.disconnect(topics),
      onReauthorize: (topics) => this.#subscriber.reauthorize(topics),
      isRead: (topics) => this.#countOf(topics) > 0,
      report,
    });
    this.#presence = new Presence({ log: this.#log, node, clock, report });
    this.#subscriber = new Subscriber({
      log: this.#log,
      ids: this.#ids,
      base: this.#base,
      node,
      clock,
      counters,
      delivery: this.#delivery,
      admission: this.#admission,
      presence: this.#presence,
      reauthorizeInterval: options.reauthorizeInterval ?? DEFAULT_REAUTHORIZE_INTERVAL,
      followControl: () => this.#control.follow(),
      refuseWhenClosed: () => this.#refuseWhenClosed(),
      report,
    });
  }

  subscribe(
    sink: EventSink,
    matchers: Matcher | readonly Matcher[],
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    return this.#watch(this.#subscriber.subscribe(sink, matchers, options));
  }

  publish(target: Target, event: HubEvent<Inputs>, options: PublishOptions = {}): Promise<string> {
    return this.#watch(this.#whenOpen(() => this.#publisher.publish(target, event, options)));
  }

  publishAll(
    target: Target,
    source: PublishAllSource<Inputs>,
    options: PublishAllOptions = {},
  ): Promise<PublishAllOutcome> {
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
    return this.#countOf(topicsOf(target));
  }

  async users(): Promise<ReadonlyMap<string, number>> {
    this.#refuseWhenClosed();
    return this.#presence.users();
  }

  disconnect(target: Target): Promise<void> {
    return this.#watch(this.#whenOpen(() => this.#control.disconnect(topicsOf(target))));
  }

  reauthorize(target: Target = { all: true }): Promise<void> {
    return this.#watch(this.#whenOpen(() => this.#control.reauthorize(topicsOf(target))));
  }

  drain({ deadline = DEFAULT_HUB_DRAIN_DEADLINE }: HubDrainOptions = {}): Promise<void> {
    this.#admission.end();
    this.#draining ??= drainConnections([...this.#delivery.connections], {
      deadline,
      clock: this.#clock,
      close: (connection) => this.#delivery.close(connection, "drain"),
    });
    return this.#draining;
  }

  metrics(): HubMetrics {
    return this.#counters.read(this.#delivery);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#publisher.stop();
    this.#delivery.stop();
    this.#subscriber.stop();
    this.#control.stop();
    await this.#presence.stop().catch((error: unknown) => this.#report(error));
    await this.#log.close();
  }

  #countOf(topics: readonly string[]): number {
    const found = new Set<Connection>();
    const references = topics.map((topic) => new TopicReference(topic, this.#base));
    this.#delivery.visit(references, (connection) => found.add(connection));
    return found.size;
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
    if (this.#closed) throw new EventStreamError("closed", "Cannot use the hub: it is closed; create a new one");
  }
}
