import type { EncodedEvent } from "@ssekit/codec";
import type { Position } from "./event-log.ts";
import type { EventSink } from "./event-sink.ts";
import type { Filter } from "./filter.ts";
import type { Group, Write } from "./group.ts";
import type { HubCounters } from "./hub-counters.ts";
import type { HubEntry } from "./hub-entry.ts";
import { encodeGapEvent, type Gap } from "./hub-events.ts";
import type { LagPolicy } from "./lag-policy.ts";

/** Why this side ends a response. */
export type CloseReason = NonNullable<Parameters<EventSink["close"]>[0]>;

/** What a connection is made with. */
export interface ConnectionInit {
  readonly filter: Filter;
  readonly lag: LagPolicy;
  readonly counters: HubCounters;
}

/**
 * One subscription on one sink. All that it owes its reader is a position, never a queue: a slow reader costs a cursor
 * and what the socket holds.
 */
export class Connection {
  /** Its name, by which it can be reached from any node. */
  readonly id: string;
  /** What it gets from where it stands. */
  filter: Filter;
  readonly #sink: EventSink;
  readonly #counters: HubCounters;
  /**
   * How far the log has been scanned for a reader that is behind, or ahead of this node; `undefined` for a live one,
   * which stands at the tail whatever passes.
   */
  cursor: Position | undefined;
  /** The cursor that the reader was last told, so that a heartbeat knows whether it has moved. */
  told: string | undefined;
  closed = false;
  /** Whether the log must be read next, and not what this node holds of it, since it went on elsewhere. */
  doubted = false;
  /** Which of this node's histories its first cursor was judged in. */
  history = 0;
  /** What happens when it is too far behind; since when it has been owed anything, by the node's clock: never, if nothing. */
  readonly lag: LagPolicy;
  owedSince: number = Number.POSITIVE_INFINITY;
  /** Bytes that came for it while it was blocked. */
  owedBytes = 0;
  /** Up to where its policy has looked, so that it looks once at each stretch. */
  lookedAt = -1;
  /** During a broadcast: what it gets of this turn, and the last entry looked at for it. */
  group: Group | undefined;
  seen: HubEntry | undefined;
  /** Whether it missed a change of who is there. */
  presenceOwed = false;
  /** Its topics that had ended before it came, and those whose end it was given. */
  #ended: Set<string> | undefined;

  constructor(sink: EventSink, { filter, lag, counters }: ConnectionInit) {
    this.lag = lag;
    this.#sink = sink;
    this.#counters = counters;
    this.id = filter.connection;
    this.filter = filter;
  }

  get writable(): boolean {
    return this.#sink.desiredSize > 0;
  }

  /** Fulfils when it may be writable again, or has closed. */
  get ready(): Promise<unknown> {
    return this.#sink.ready;
  }

  /** Fulfils when the response has ended. */
  get ended(): Promise<unknown> {
    return new Promise((resolve) => this.#sink.onClose(resolve));
  }

  /** Which way its last bytes went. */
  get writePath(): EventSink["writePath"] {
    return this.#sink.writePath;
  }

  /** Writes blocks, of which the last id is `told`. What `write` says is not needed: false means accepted (RULES B19). */
  write(bytes: EncodedEvent, told: string | undefined): void {
    this.#sink.write(bytes);
    if (told !== undefined) this.told = told;
    this.#counters.writes += 1;
    this.#counters.bytes += bytes.length;
  }

  /** Writes entries, the ends of topics among them. */
  deliver({ bytes, events, told, ends }: Write): void {
    this.write(bytes, told);
    this.#counters.events += events;
    this.end(ends);
  }

  /** Tells a loss, and with it where delivery goes on. */
  tellGap(gap: Gap): void {
    this.write(encodeGapEvent(gap), gap.position.cursor);
    this.#counters.gaps[gap.reason] += 1;
  }

  /** The place to tell at a heartbeat, if the reader was not told it. */
  beat(tail: Position): Position | undefined {
    const position = this.cursor ?? tail;
    if (position.cursor === this.told) return undefined;
    this.told = position.cursor;
    return position;
  }

  /** Gets other entries from here on. */
  refilter(filter: Filter): void {
    this.filter = filter;
    this.#ended = undefined;
  }

  /** Takes note that its reader stands after the ends of these topics; closes when nothing that it matches can come. */
  end(topics: readonly string[]): void {
    // Most writes end nothing: then nothing else is looked at, which a broadcast would have to fetch for each reader.
    if (topics.length === 0) return;
    for (const topic of topics) {
      if (!this.filter.topics.has(topic)) continue;
      this.#ended ??= new Set();
      this.#ended.add(topic);
    }
    if (this.filter.isExact && this.#ended?.size === this.filter.topics.size) this.close("end");
  }

  close(reason: CloseReason): void {
    this.closed = true;
    this.#sink.close(reason);
  }
}
