import { type EventContract, EventStreamError, type ServerSentEvent } from "@ssekit/codec";
import type { HubClock } from "./clock.ts";
import type { Appended, EventLog, NewEntry } from "./event-log.ts";
import type { PublishOptions } from "./hub.ts";
import type { HubCounters } from "./hub-counters.ts";
import type { WireIds } from "./hub-entry.ts";
import { Publication, type PublishAllOptions, type PublishAllOutcome, type PublishAllSource } from "./publish-all.ts";
import { publishedEvent } from "./published-event.ts";
import { type Target, topicsOf } from "./target.ts";

/** What a publisher needs. */
export interface PublisherInit {
  readonly log: EventLog;
  readonly ids: WireIds;
  /** What may be published; `undefined`: anything. */
  readonly events: EventContract<unknown, unknown> | undefined;
  readonly clock: HubClock;
  readonly counters: HubCounters;
  readonly delivery: {
    /** Makes sure that the ends of topics are heard. */
    follow(): Promise<void>;
    /** Fulfils when there is room for another event in this turn. */
    room(): Promise<void>;
  };
  /** Whether anybody reads these topics on this node. */
  readonly isReadHere: (topics: readonly string[]) => boolean;
  /** Whether anybody reads them on any node. */
  readonly isRead: (topics: readonly string[]) => Promise<boolean>;
  readonly report: (error: unknown) => void;
}

/** Puts events, and the ends of topics, into the log. */
export class Publisher {
  readonly #init: PublisherInit;
  readonly #publications = new Map<
    Publication,
    { readonly topics: readonly string[]; readonly ended: Promise<unknown> }
  >();

  constructor(init: PublisherInit) {
    this.#init = init;
  }

  async publish(target: Target, given: ServerSentEvent<unknown>, options: PublishOptions): Promise<string> {
    const topics = topicsOf(target);
    const { events } = this.#init;
    const { event, id, bytes } = publishedEvent(given, events !== undefined);
    if (events !== undefined && given.data !== undefined) {
      const checked: unknown = events.validate((given.event ?? "message") as never, given.data);
      // Not awaited otherwise, so that what is published in one turn stays in order.
      if (checked instanceof Promise) await checked;
    }
    const entry = { topics, private: options.private ?? false, id, key: options.key, end: false, event, bytes };
    const { outcome, cursor } = await this.#append(entry);
    if (outcome === "conflict") {
      throw new EventStreamError(
        "id-conflict",
        `Cannot publish another event with the id ${JSON.stringify(id)}: give it an id of its own`,
      );
    }
    if (outcome === "ended") {
      throw new EventStreamError("ended", `Cannot publish to ${JSON.stringify(target)}: it has ended; use a new topic`);
    }
    return this.#init.ids === "publisher" ? (id ?? cursor) : cursor;
  }

  async end(target: Target): Promise<string> {
    const topics = topicsOf(target);
    return (await this.#append({ ...END, topics })).cursor;
  }

  async publishAll(target: Target, source: PublishAllSource, options: PublishAllOptions): Promise<PublishAllOutcome> {
    const topics = topicsOf(target);
    const { abandonAfter, signal } = options;
    if (abandonAfter !== undefined && !(abandonAfter > 0)) {
      throw new RangeError(`Cannot abandon after ${abandonAfter} ms: give a number above 0`);
    }
    await this.#init.delivery.follow();
    const publication = new Publication();
    const abort = (): void => publication.stop("aborted");
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    const rest = abandonAfter === undefined ? undefined : this.#watchReaders(publication, { topics, abandonAfter });
    const publish = (event: ServerSentEvent<unknown>): Promise<string> => this.publish(target, event, options);
    const outcome = publication.run(source, publish, this.#init.report);
    // Whatever became of the source, nobody shall wait for more of it.
    const ended = outcome.catch(() => "failed").then((how) => (how === "ended" ? undefined : this.end(target)));
    this.#publications.set(publication, { topics, ended });
    try {
      await ended;
    } finally {
      this.#publications.delete(publication);
      signal?.removeEventListener("abort", abort);
      rest?.();
    }
    return outcome;
  }

  /** The tail has brought the end of these topics: who publishes to them stops, in whatever step it is. */
  ended(topics: readonly string[]): void {
    for (const [publication, { topics: own }] of this.#publications) {
      if (own.some((topic) => topics.includes(topic))) publication.stop("ended");
    }
  }

  /** Leaves all sources, and ends their topics: what feeds them ends with this node. */
  async stop(): Promise<void> {
    const all = [...this.#publications].map(([publication, { ended }]) => {
      publication.stop("aborted");
      return ended;
    });
    await Promise.allSettled(all);
  }

  #watchReaders(
    publication: Publication,
    { topics, abandonAfter }: { topics: readonly string[]; abandonAfter: number },
  ): () => void {
    const { clock, isReadHere, isRead, report } = this.#init;
    let readAt = clock.now();
    let isAsking = false;
    const look = async (): Promise<void> => {
      if (isReadHere(topics)) readAt = clock.now();
      if (clock.now() - readAt < abandonAfter || isAsking) return;
      // Other nodes are asked only now, since to know at any time would cost each of them an entry for each reader.
      isAsking = true;
      try {
        if (await isRead(topics)) readAt = clock.now();
        else publication.stop("abandoned");
      } finally {
        isAsking = false;
      }
    };
    return clock.every(abandonAfter / 4, () => void look().catch(report));
  }

  async #append(entry: NewEntry): Promise<Appended> {
    const { log, clock, counters, delivery } = this.#init;
    const since = clock.now();
    const [appended] = await log.append([entry]).catch((error: unknown) => {
      counters.entries.failed += 1;
      throw error;
    });
    if (appended === undefined)
      throw new Error("Cannot publish: the log answered nothing for the entry; look at the driver");
    counters.entries[appended.outcome] += 1;
    counters.latency.add(clock.now() - since);
    await delivery.room();
    return appended;
  }
}

const END = { private: false, id: undefined, key: undefined, end: true, event: {}, bytes: 0 } as const;
