import { type CatchUpSource, catchUp, type Scan } from "./catch-up.ts";
import type { HubClock } from "./clock.ts";
import type { CloseReason, Connection } from "./connection.ts";
import type { EventLog, GapReason, Page, Position } from "./event-log.ts";
import type { Filter } from "./filter.ts";
import { Group } from "./group.ts";
import type { HubCounters } from "./hub-counters.ts";
import { type EntryReader, entriesOf, type HubEntry } from "./hub-entry.ts";
import { judgeLoss } from "./judge-loss.ts";
import { isOfLostHistory, markLoss, withoutMark } from "./marked-cursor.ts";
import { PAGE_BYTES, SharedPages, type Stretch } from "./shared-pages.ts";
import { SharedWrites } from "./shared-writes.ts";
import { TailFollower } from "./tail-follower.ts";
import { TopicIndex } from "./topic-index.ts";
import type { TopicReference } from "./topic-reference.ts";
import type { Scheduler } from "./turn.ts";
import { Window } from "./window.ts";

/** What delivery needs. */
export interface DeliveryInit {
  readonly log: EventLog;
  readonly reader: EntryReader;
  readonly windowBytes: number;
  readonly catchUpBytes: number;
  readonly schedule: Scheduler;
  readonly clock: HubClock;
  readonly counters: HubCounters;
  readonly report: (error: unknown) => void;
  /** Called for each entry that ends its topics, when the tail has brought it. */
  readonly onEnd: (entry: HubEntry) => void;
}

/**
 * Delivers what the log brings to the connections of this node: at the end of each turn one write to each that is live;
 * the others read it when they get there.
 */
export class Delivery implements CatchUpSource {
  readonly counters: HubCounters;
  readonly writes: SharedWrites = new SharedWrites();
  readonly #log: EventLog;
  readonly #reader: EntryReader;
  readonly #clock: HubClock;
  readonly #report: (error: unknown) => void;
  readonly #onEnd: (entry: HubEntry) => void;
  readonly #follower: TailFollower;
  readonly #window: Window;
  readonly #pages: SharedPages;
  readonly #index = new TopicIndex<Connection>();
  /** How often the log went on elsewhere than at this node's tail. */
  #histories = 0;
  /** Those that go on when the tail has moved. */
  readonly #waiting = new Set<Connection>();

  constructor({ log, reader, windowBytes, catchUpBytes, schedule, clock, counters, report, onEnd }: DeliveryInit) {
    this.#log = log;
    this.#reader = reader;
    this.#clock = clock;
    this.counters = counters;
    this.#report = report;
    this.#onEnd = onEnd;
    this.#window = new Window(windowBytes);
    this.#pages = new SharedPages({ log, reader, maxBytes: catchUpBytes, tail: () => this.tail });
    this.#follower = new TailFollower({
      log,
      schedule,
      onStart: (head) => this.#goOnAt(head),
      onTurn: (pages) => this.#deliver(pages),
      onLost: (error) => this.#deafen(error),
    });
  }

  /** How far this node has followed the log. */
  get tail(): Position {
    return this.#window.tail;
  }

  get now(): number {
    return this.#clock.now();
  }

  get connections(): Iterable<Connection> & Pick<ReadonlySet<Connection>, "size" | "has"> {
    return this.#index;
  }

  /** Makes sure that the log is followed. */
  follow(): Promise<void> {
    return this.#follower.follow();
  }

  /** Takes note of the history in which a connection's place is looked up next. */
  expect(connection: Connection): void {
    connection.history = this.#histories;
  }

  /** Fulfils when there is room for another event in this turn. */
  room(): Promise<void> {
    return this.#follower.room();
  }

  /** Takes in a connection that stands at `position`; where the log is not heard it goes, and comes back (RULES B39). */
  add(connection: Connection, position: Position): void {
    if (!this.#follower.hears) {
      this.close(connection, "error");
      return;
    }
    // Most come to the tail, and are live at once: to catch up they would need a promise each.
    const isLive = position.cursor === this.tail.cursor;
    connection.cursor = isLive ? undefined : position;
    connection.doubted ||= connection.history !== this.#histories;
    this.#index.add(connection);
    this.counters.replayDepth.add(Math.max(0, this.tail.n - position.n));
    if (!isLive) this.#catchUp(connection);
  }

  /** Gives a connection another filter, which holds from where it stands (HUB B9). */
  refilter(connection: Connection, filter: Filter): void {
    const isIn = this.#index.has(connection);
    if (isIn) this.#index.delete(connection);
    connection.refilter(filter);
    if (isIn) this.#index.add(connection);
  }

  /**
   * What a heartbeat says, if the reader was not told how far the log was scanned for it. One that stands ahead of this
   * node proves its place again: the store may have lost it, and the tail, which was behind, need not notice.
   */
  beat(connection: Connection): Position | undefined {
    if (this.#waiting.delete(connection)) {
      connection.doubted = true;
      this.#catchUp(connection);
    }
    return connection.beat(this.tail);
  }

  remove(connection: Connection): void {
    connection.closed = true;
    this.#waiting.delete(connection);
    this.#index.delete(connection);
  }

  /** Takes a connection out, and ends its response. */
  close(connection: Connection, reason: CloseReason): void {
    this.remove(connection);
    try {
      connection.close(reason);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Calls `visitor` for each connection that one of the topics concerns, for some more than once. */
  visit(topics: readonly TopicReference[], visitor: (connection: Connection) => void): void {
    for (const topic of topics) this.#index.visit(topic, visitor);
  }

  /** Delivers what has arrived, then ends everything. */
  stop(): void {
    this.#follower.stop();
    this.#closeAll("server");
  }

  scan(connection: Connection, cursor: Position): Scan | Promise<Scan> {
    // Where the store has lost history that this node still holds, the same place may have had another next entry.
    const entries = connection.doubted
      ? undefined
      : (this.#window.after(cursor, PAGE_BYTES) ?? this.#pages.after(cursor));
    if (entries === undefined) return this.#read(connection, cursor);
    return { gap: undefined, after: cursor, entries, next: entries.at(-1)?.position ?? cursor };
  }

  wait(connection: Connection): void {
    this.#waiting.add(connection);
  }

  async #read(connection: Connection, cursor: Position): Promise<Scan> {
    const isElsewhere = ({ after }: Stretch): boolean => after.cursor !== cursor.cursor;
    const { answer, isLoss } = await judgeLoss({
      ask: () => this.#pages.read(cursor),
      floorOf: (stretch) => (isElsewhere(stretch) && reasonOf(stretch) === "overrun" ? stretch.after : undefined),
      isLoss: () => this.#log.trimmedAfter(connection.filter.losable, withoutMark(cursor.cursor)),
    });
    const isTold = isElsewhere(answer) && (isLoss || reasonOf(answer) !== "overrun");
    if (!isTold) return { ...answer, gap: undefined };
    const gap = reasonOf(answer);
    if (!isOfLostHistory(gap)) return { ...answer, gap };
    const after = markLoss(answer.after, cursor.cursor);
    return { gap, after, entries: [], next: after };
  }

  /** The end of a turn. */
  #deliver(pages: readonly Page[]): void {
    let fresh: HubEntry[] = [];
    for (const page of pages) {
      const entries = entriesOf(page, this.#reader);
      if (page.after.cursor !== this.tail.cursor) {
        this.#broadcast(fresh);
        fresh = [];
        this.#interrupt(page.after);
      }
      for (const entry of entries) this.#window.push(entry);
      for (const entry of entries) if (entry.end) this.#onEnd(entry);
      fresh.push(...entries);
    }
    this.#broadcast(fresh);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const connection of waiting) this.#catchUp(connection);
  }

  /**
   * The log goes on elsewhere than this node's tail: retention passed it, or the store lost what it had. Everyone who
   * was live stands where the tail was, and all find out by reading what it cost them.
   */
  #interrupt(after: Position): void {
    const { tail } = this;
    this.counters.tailMoved += 1;
    this.#goOnAt(after);
    for (const connection of this.#index) {
      connection.doubted = true;
      if (connection.cursor !== undefined) continue;
      connection.cursor = tail;
      this.#waiting.add(connection);
    }
  }

  #goOnAt(position: Position): void {
    this.#histories += 1;
    this.#window.reset(position);
    this.#pages.clear();
  }

  #broadcast(entries: readonly HubEntry[]): void {
    const nothing = new Group();
    const touched: Connection[] = [];
    const behind = new Set<Connection>();
    for (const entry of entries) {
      this.visit(entry.topics, (connection) => {
        if (connection.seen === entry || (entry.private && !connection.filter.private)) return;
        const isBehind = connection.cursor !== undefined;
        if (isBehind && connection.lag.whenBehind !== "disconnect") return;
        connection.seen = entry;
        if (isBehind) {
          connection.owedBytes += entry.bytes.length;
          behind.add(connection);
          return;
        }
        if (connection.group === undefined) touched.push(connection);
        connection.group = (connection.group ?? nothing).with(entry);
      });
    }
    // Sinks are touched only now, when no index is being walked: what they do can't disturb the walk (RULES B23).
    for (const connection of touched) {
      const { group = nothing } = connection;
      connection.group = undefined;
      connection.seen = undefined;
      this.#write(connection, group);
    }
    for (const connection of behind) {
      connection.seen = undefined;
      if (connection.writable) continue;
      const age = this.now - connection.owedSince;
      if (!connection.lag.isPassedBy(connection.owedBytes, age)) continue;
      this.counters.acted.disconnect += 1;
      this.close(connection, "overflow");
    }
  }

  #write(connection: Connection, group: Group): void {
    try {
      for (const write of group.writes) {
        if (connection.closed) return;
        if (!connection.writable) {
          connection.cursor = write.before;
          this.#catchUp(connection);
          return;
        }
        connection.deliver(write);
      }
    } catch (error) {
      this.#fail(connection, error);
    }
  }

  #catchUp(connection: Connection): void {
    connection.owedSince = Math.min(connection.owedSince, this.now);
    catchUp(connection, this).catch((error: unknown) => this.#fail(connection, error));
  }

  /** What a sink or the log threw: the reader goes, and comes back to where it was. */
  #fail(connection: Connection, error: unknown): void {
    this.#report(error);
    this.close(connection, "error");
  }

  /** A node that no longer hears the log says so: its readers go, and come back to one that does (RULES B39). */
  #deafen(error: unknown): void {
    this.counters.tailLost += 1;
    this.#report(error);
    this.#closeAll("error");
  }

  #closeAll(reason: CloseReason): void {
    for (const connection of [...this.#index]) this.close(connection, reason);
  }
}

function reasonOf({ gap = "overrun" }: Stretch): GapReason {
  return gap;
}
