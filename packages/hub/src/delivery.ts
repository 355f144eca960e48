import { EventStreamError } from "@ssekit/codec";
import { type CatchUpSource, catchUp, type Scan } from "./catch-up.ts";
import type { Connection } from "./connection.ts";
import type { EventLog, Page, Position } from "./event-log.ts";
import { Group } from "./group.ts";
import { type EntryReader, HubEntry } from "./hub-entry.ts";
import { TopicIndex } from "./topic-index.ts";
import type { TopicReference } from "./topic-reference.ts";
import type { Scheduler } from "./turn.ts";
import { Window } from "./window.ts";

/** What delivery needs. */
export interface DeliveryInit {
  readonly log: EventLog;
  readonly reader: EntryReader;
  readonly windowBytes: number;
  readonly schedule: Scheduler;
  readonly report: (error: unknown) => void;
}

/** How much of the log one step of a catch-up looks at, in bytes. */
const scanBytes = 64 * 1024;

/**
 * Follows the log once for all connections of this node. What the tail brings in a turn is delivered at the turn's end:
 * to the live, one write each; the others read it when they get there.
 */
export class Delivery implements CatchUpSource {
  readonly #log: EventLog;
  readonly #reader: EntryReader;
  readonly #schedule: Scheduler;
  readonly #report: (error: unknown) => void;
  readonly #window: Window;
  readonly #windowBytes: number;
  readonly #index = new TopicIndex<Connection>();
  readonly #connections = new Set<Connection>();
  /** Those whose cursor is beyond this node's tail. */
  readonly #ahead = new Set<Connection>();
  #following: Promise<void> | undefined;
  #tailing = new AbortController();
  #arrived: Page[] = [];
  #arrivedBytes = 0;
  #flushed: PromiseWithResolversOfVoid = withResolvers();

  constructor({ log, reader, windowBytes, schedule, report }: DeliveryInit) {
    this.#log = log;
    this.#reader = reader;
    this.#windowBytes = windowBytes;
    this.#schedule = schedule;
    this.#report = report;
    this.#window = new Window({ n: 0, cursor: "" }, windowBytes);
  }

  get tail(): Position {
    return this.#window.tail;
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Makes sure that the log is followed. */
  follow(): Promise<void> {
    this.#following ??= this.#start().catch((error: unknown) => {
      this.#following = undefined;
      throw error;
    });
    return this.#following;
  }

  /** Fulfils when there is room for more: a publisher who never leaves its turn would else starve all delivery. */
  async room(): Promise<void> {
    if (this.#arrivedBytes > this.#windowBytes) await this.#flushed.promise;
  }

  /** Takes in a connection that stands at `position`. */
  add(connection: Connection, position: Position): void {
    connection.cursor = position;
    this.#connections.add(connection);
    this.#index.add(connection);
    this.#catchUp(connection);
  }

  remove(connection: Connection): void {
    connection.closed = true;
    this.#connections.delete(connection);
    this.#ahead.delete(connection);
    this.#index.delete(connection);
  }

  /** Reports what a connection's sink did, and closes it: its reader comes back and resumes. */
  fail(connection: Connection, error: unknown): void {
    this.#report(error);
    this.close(connection, "error");
  }

  close(connection: Connection, reason: "server" | "error"): void {
    this.remove(connection);
    try {
      connection.close(reason);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Calls `visitor` once for each connection that one of the topics concerns. */
  visit(topics: readonly TopicReference[], visitor: (connection: Connection) => void): void {
    for (const topic of topics) this.#index.visit(topic, visitor);
  }

  /** Delivers what has arrived, then ends everything. */
  stop(): void {
    this.#flush();
    this.#tailing.abort();
    for (const connection of [...this.#connections]) this.close(connection, "server");
  }

  /** Has a connection caught up again when the tail has moved. */
  wait(connection: Connection): void {
    this.#ahead.add(connection);
  }

  scan(connection: Connection, cursor: Position): Scan | Promise<Scan> {
    const entries = this.#window.after(cursor, scanBytes);
    if (entries === undefined) return this.#read(connection, cursor);
    return { gap: undefined, after: cursor, entries, next: entries.at(-1)?.position ?? cursor };
  }

  async #read(connection: Connection, cursor: Position): Promise<Scan> {
    const page = await this.#log.read(cursor, scanBytes);
    const entries = this.#entriesOf(page);
    const { after, next } = page;
    if (after.cursor === cursor.cursor) return { gap: undefined, after, entries, next };
    const reason = page.gap ?? "overrun";
    const lost = reason !== "overrun" || (await this.#log.trimmedAfter(connection.filter.losable, cursor.n));
    return { gap: lost ? reason : undefined, after, entries, next };
  }

  async #start(): Promise<void> {
    const head = await this.#log.head();
    this.#window.reset(head);
    this.#tailing = new AbortController();
    void this.#run(head, this.#tailing.signal);
  }

  async #run(head: Position, signal: AbortSignal): Promise<void> {
    try {
      for await (const page of this.#log.tail(head, signal)) {
        if (signal.aborted) return;
        this.#arrive(page);
        await this.room();
      }
      if (!signal.aborted) throw new EventStreamError("closed", "Cannot follow the log: its tail ended");
    } catch (error) {
      if (!signal.aborted) this.#deafen(error);
    }
  }

  #arrive(page: Page): void {
    if (this.#arrived.length === 0) this.#schedule(() => this.#flush());
    this.#arrived.push(page);
    for (const entry of page.entries) this.#arrivedBytes += entry.bytes;
  }

  /** A node that no longer hears the log says so: its readers go, and come back to one that does, or to this one later. */
  #deafen(error: unknown): void {
    this.#report(error);
    this.#tailing.abort();
    this.#following = undefined;
    this.#settleArrived();
    for (const connection of [...this.#connections]) this.close(connection, "error");
  }

  #settleArrived(): Page[] {
    const pages = this.#arrived;
    this.#arrived = [];
    this.#arrivedBytes = 0;
    this.#flushed.resolve();
    this.#flushed = withResolvers();
    return pages;
  }

  /** The end of a turn. */
  #flush(): void {
    try {
      let fresh: HubEntry[] = [];
      for (const page of this.#settleArrived()) {
        const entries = this.#entriesOf(page);
        if (page.after.cursor !== this.tail.cursor) {
          this.#broadcast(fresh);
          fresh = [];
          this.#interrupt(page.after);
        }
        for (const entry of entries) this.#window.push(entry);
        fresh.push(...entries);
      }
      this.#broadcast(fresh);
      this.#wake();
    } catch (error) {
      this.#deafen(error);
    }
  }

  #entriesOf(page: Page): HubEntry[] {
    let before = page.after;
    return page.entries.map((entry) => {
      // Positions are dense, so a hole is a loss that the log has not noticed (HUB B4).
      if (entry.position.n !== before.n + 1) {
        throw new Error(`Cannot deliver entry ${entry.position.n} of the log after ${before.n}: entries are missing`);
      }
      const read = new HubEntry(entry, before, this.#reader);
      before = entry.position;
      return read;
    });
  }

  /**
   * The log goes on elsewhere than this node's tail: retention passed it, or the store lost what it had. Everyone who
   * was live stands where the tail was, and all find out by reading what it cost them.
   */
  #interrupt(after: Position): void {
    const { tail } = this;
    this.#window.reset(after);
    for (const connection of this.#connections) {
      connection.doubted = true;
      if (connection.cursor !== undefined) continue;
      connection.cursor = tail;
      this.#ahead.add(connection);
    }
  }

  #broadcast(entries: readonly HubEntry[]): void {
    const root = new Group();
    const touched: Connection[] = [];
    for (const entry of entries) {
      const offer = (connection: Connection): void => {
        if (connection.cursor !== undefined || connection.seen === entry) return;
        if (entry.private && !connection.filter.private) return;
        connection.seen = entry;
        if (connection.group === undefined) touched.push(connection);
        connection.group = (connection.group ?? root).with(entry);
      };
      this.visit(entry.topics, offer);
    }
    // Sinks are touched only now, when no index is being walked: what they do can't disturb the walk (RULES B23).
    for (const connection of touched) {
      const { group } = connection;
      connection.group = undefined;
      connection.seen = undefined;
      if (group !== undefined && !connection.closed) this.#deliver(connection, group);
    }
  }

  #deliver(connection: Connection, group: Group): void {
    try {
      for (const { bytes, before, told } of group.writes) {
        if (connection.closed) return;
        if (!connection.writable) {
          connection.cursor = before;
          this.#catchUp(connection);
          return;
        }
        connection.write(bytes, told);
      }
    } catch (error) {
      this.fail(connection, error);
    }
  }

  #wake(): void {
    const ahead = [...this.#ahead];
    this.#ahead.clear();
    for (const connection of ahead) this.#catchUp(connection);
  }

  #catchUp(connection: Connection): void {
    catchUp(connection, this).catch((error: unknown) => this.fail(connection, error));
  }
}

interface PromiseWithResolversOfVoid {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

// Promise.withResolvers is missing on Node below 22 only, but in no library that we compile against.
function withResolvers(): PromiseWithResolversOfVoid {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
