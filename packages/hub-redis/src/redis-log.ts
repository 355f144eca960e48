import { EventStreamError } from "@ssekit/codec";
import {
  type Appended,
  checkedCompanionName,
  type EventLog,
  isSameEntry,
  type NewEntry,
  type Page,
  type Position,
  parseCursor,
  type Resolution,
  type Retention,
  randomEpoch,
  resolveCursor,
} from "@ssekit/hub";
import {
  DEFAULT_REDIS_MAX_AGE,
  DEFAULT_REDIS_MAX_BYTES,
  DEFAULT_REDIS_MAX_OUTAGE,
  DEFAULT_REDIS_MAX_PENDING_BYTES,
  DEFAULT_REDIS_NAME,
  DEFAULT_REDIS_TIMEOUT,
} from "./defaults.ts";
import { RedisAccess, runScript } from "./redis-access.ts";
import { connectionOf, type RedisClient } from "./redis-client.ts";
import { unavailable } from "./redis-error.ts";
import { redisTail } from "./redis-tail.ts";
import { APPEND, ENDS, FIND, LOOK, type Script, TRIMMED } from "./scripts.ts";
import {
  entriesAfter,
  positionAt,
  type RawEntry,
  readEntry,
  storedId,
  storedTopic,
  storedValues,
  streamId,
} from "./stored-entry.ts";

/** Options of {@linkcode redisLog}. All who use one log give the same bounds, for whoever appends applies its own. */
export interface RedisLogOptions {
  /**
   * How the log's keys begin, in braces, which keeps them on one shard of a cluster; without braces itself. Another name
   * is another log. Default: `ssekit`.
   */
  name?: string;
  /** What the entries may take together, in bytes: their events, topics, ids and keys, and 256 each. Default: 256 MiB. */
  maxBytes?: number;
  /** How many entries are kept. Default: as many as the other bounds allow. */
  maxCount?: number;
  /** How long an entry is kept, in milliseconds. Default: 24 hours. */
  maxAge?: number;
  /**
   * How long the store may take to answer, in milliseconds, also while it is away: then what was asked of the log is
   * refused. Default: 5 seconds.
   */
  timeout?: number;
  /**
   * How long a node's tail waits for a store that is away, in milliseconds; then it gives up, and the hub closes its
   * readers, who come back to a node that hears the store. Default: 15 seconds.
   */
  maxOutage?: number;
  /** Bytes that may be on their way to the store; then more is refused at once. Default: 16 MiB. */
  maxPendingBytes?: number;
  /** Gives the time in milliseconds. Default: the store's own, so that the clocks of nodes don't matter. */
  clock?: () => number;
}

/**
 * A log in Redis (7.0 or later), shared by the processes of many machines: one stream, whose order all see alike. It uses
 * commands that Valkey has too.
 *
 * The client stays the caller's: the log never closes it. Its tail has a connection of its own, made by the client's
 * `duplicate()`. Its methods reject with an `EventStreamError` of code `log-unavailable` when the store can't be used.
 *
 * @param client of `ioredis`, or of `redis` and connected
 * @throws {RangeError} for a bound that is not above 0.
 * @throws {TypeError} for a `name` that is empty or has braces.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { redisLog } from "@ssekit/hub-redis";
 * import { Redis } from "ioredis";
 *
 * const hub = createHub({ log: redisLog(new Redis("redis://127.0.0.1:6379"), { maxAge: 3_600_000 }) });
 * ```
 */
export function redisLog(client: RedisClient, options: RedisLogOptions = {}): EventLog {
  const {
    name = DEFAULT_REDIS_NAME,
    maxBytes = DEFAULT_REDIS_MAX_BYTES,
    maxCount = Number.POSITIVE_INFINITY,
    maxAge = DEFAULT_REDIS_MAX_AGE,
    timeout = DEFAULT_REDIS_TIMEOUT,
    maxOutage = DEFAULT_REDIS_MAX_OUTAGE,
    maxPendingBytes = DEFAULT_REDIS_MAX_PENDING_BYTES,
    clock,
  } = options;
  for (const [bound, value] of Object.entries({ maxBytes, maxCount, maxAge, timeout, maxOutage, maxPendingBytes })) {
    if (!(value > 0)) throw new RangeError(`Cannot open a log with ${bound} ${value}: give a number above 0`);
  }
  if (!/^[^{}]+$/.test(name)) {
    throw new TypeError(`Cannot open a log with the name ${JSON.stringify(name)}: give a name without braces`);
  }
  const access = new RedisAccess({ connection: connectionOf(client), timeout, maxPendingBytes });
  return new RedisLog({ access, prefix: `{${name}}`, bounds: { maxBytes, maxCount, maxAge }, maxOutage, clock });
}

interface RedisLogInit {
  readonly access: RedisAccess;
  /** How its keys begin. */
  readonly prefix: string;
  readonly bounds: Retention & { readonly maxCount: number };
  readonly maxOutage: number;
  readonly clock: (() => number) | undefined;
  /** A companion leaves the access to the log that it belongs to. */
  readonly isCompanion?: boolean;
}

/** Numbers come as text when the client says so. */
type Numeric = number | string;
type LookReply = [epoch: string, head: string, floorN: Numeric, floorTag: Numeric, kept: Numeric, after: RawEntry[]];
type AppendReply = [epoch: string, results: AppendResult[]];
type AppendResult = ["a" | "e", at: string] | ["k", known: RawEntry];

class RedisLog implements EventLog {
  readonly #init: RedisLogInit;
  readonly #keys: readonly string[];
  readonly #companions = new Map<string, RedisLog>();
  readonly #appending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  constructor(init: RedisLogInit) {
    this.#init = init;
    this.#keys = ["entries", "ids", "marks", "tags", "forgotten", "ends"].map((name) => `${init.prefix}:${name}`);
  }

  async append(entries: readonly NewEntry[]): Promise<readonly Appended[]> {
    this.#refuseWhenClosed();
    // A reply may be lost, and the client or the log sends again: without an id that would be another entry (HUB A6).
    const values = entries.flatMap((entry) => storedValues(entry, crypto.randomUUID()));
    const running = this.#run("append to", APPEND, values) as Promise<AppendReply>;
    this.#appending.add(running);
    const [epoch, results] = await running.finally(() => this.#appending.delete(running));
    return results.map((result, index) => outcomeOf(result, entries[index] as NewEntry, epoch));
  }

  async head(): Promise<Position> {
    const [epoch, head] = await this.#look();
    return positionAt(epoch, head);
  }

  async floor(): Promise<Position> {
    const [epoch, , floorN, floorTag] = await this.#look();
    return positionAt(epoch, `${floorTag}-${floorN}`);
  }

  async resolve(cursor: string): Promise<Resolution> {
    return resolve(cursor, await this.#look(cursor));
  }

  async find(id: string): Promise<Position | undefined> {
    const [epoch, at] = (await this.#ask(FIND, [storedId(id)])) as [string, string];
    return at === "" ? undefined : positionAt(epoch, at);
  }

  async ends(topics: readonly string[]): Promise<readonly (Position | undefined)[]> {
    const [epoch, found] = (await this.#ask(ENDS, topics.map(storedTopic))) as [string, string[]];
    return found.map((at) => (at === "" ? undefined : positionAt(epoch, at)));
  }

  async read(after: Position, maxBytes: number): Promise<Page> {
    return pageOf(after, await this.#look(after.cursor, maxBytes));
  }

  async *tail(after: Position, signal: AbortSignal): AsyncGenerator<Page> {
    const { access, maxOutage } = this.#init;
    yield* redisTail(after, {
      access,
      maxOutage,
      key: this.#keys[0] as string,
      signal: AbortSignal.any([signal, this.#closing.signal]),
      readPage: async (send, position, maxBytes) => {
        const call = {
          script: LOOK,
          keys: this.#keys,
          values: [...this.#settings(), ...lookValues(position.cursor, maxBytes)],
        };
        return pageOf(position, (await runScript(send, call)) as LookReply);
      },
    });
  }

  async trimmedAfter(topics: readonly string[] | undefined, cursor: string): Promise<boolean> {
    const place = parseCursor(cursor);
    if (place === undefined) return true;
    const values = [
      String(place.n),
      String(place.tag),
      topics === undefined ? "any" : "some",
      ...(topics ?? []).map(storedTopic),
    ];
    return Number(await this.#ask(TRIMMED, values)) === 1;
  }

  companion(name: string, retention: Retention): EventLog {
    this.#refuseWhenClosed();
    let companion = this.#companions.get(checkedCompanionName(name));
    if (companion === undefined) {
      const prefix = `${this.#init.prefix}:${name}`;
      const bounds = { ...retention, maxCount: Number.POSITIVE_INFINITY };
      companion = new RedisLog({ ...this.#init, prefix, bounds, isCompanion: true });
      this.#companions.set(name, companion);
    }
    return companion;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await Promise.allSettled([...this.#appending, ...[...this.#companions.values()].map((one) => one.close())]);
    if (!this.#init.isCompanion) this.#init.access.close();
  }

  async #look(cursor = "", maxBytes = 0): Promise<LookReply> {
    return (await this.#ask(LOOK, lookValues(cursor, maxBytes))) as LookReply;
  }

  async #ask(script: Script, values: readonly string[]): Promise<unknown> {
    this.#refuseWhenClosed();
    return this.#run("read", script, values);
  }

  #run(action: string, script: Script, values: readonly string[]): Promise<unknown> {
    return this.#init.access.run(action, { script, keys: this.#keys, values: [...this.#settings(), ...values] });
  }

  /** What every script gets: the time, the epoch of a log that is new, and what is kept. */
  #settings(): string[] {
    const { bounds, clock } = this.#init;
    const { maxBytes, maxCount, maxAge } = bounds;
    const limits = [maxBytes, maxCount, maxAge].map((bound) => String(Math.min(bound, Number.MAX_SAFE_INTEGER)));
    return [clock === undefined ? "" : String(Math.floor(clock())), randomEpoch(), ...limits];
  }

  #refuseWhenClosed(): void {
    if (this.#closing.signal.aborted)
      throw new EventStreamError("closed", "Cannot use the log: it is closed; open a new one");
  }
}

function outcomeOf(result: AppendResult, entry: NewEntry, epoch: string): Appended {
  if (result[0] === "k") {
    const { position, ...known } = readEntry(result[1], epoch);
    // An id that was made here comes again only when the same append was sent again.
    if (entry.id === undefined) return { cursor: position.cursor, outcome: "appended" };
    return { cursor: position.cursor, outcome: isSameEntry(known, entry) ? "repeated" : "conflict" };
  }
  const { cursor } = positionAt(epoch, result[1]);
  if (result[0] === "a") return { cursor, outcome: "appended" };
  return { cursor, outcome: entry.end ? "repeated" : "ended" };
}

function lookValues(cursor: string, maxBytes: number): string[] {
  const at = streamId(cursor);
  return [at ?? "", at === undefined ? "0" : String(Math.min(maxBytes, Number.MAX_SAFE_INTEGER))];
}

/** Judges a cursor by what the store said of it. */
function resolve(cursor: string, [epoch, head, floorN, floorTag, kept]: LookReply): Resolution {
  const parts = parseCursor(cursor);
  const headParts = parseCursor(positionAt(epoch, head).cursor);
  return resolveCursor(cursor, {
    epoch,
    head: headParts ?? { epoch, n: 0, tag: 0 },
    floor: { epoch, n: Number(floorN), tag: Number(floorTag) },
    // An entry's id holds its tag, so the entry is there under the cursor's own tag, or under none (HUB A3).
    tagAt: () => (Number(kept) === 1 ? parts?.tag : undefined),
  });
}

function pageOf(after: Position, reply: LookReply): Page {
  const { position, gap } = resolve(after.cursor, reply);
  if (gap !== undefined && gap !== "expired") return { after: position, entries: [], next: position, gap };
  const entries = entriesAfter(position, reply[5]);
  if (entries === undefined) {
    throw unavailable("read", "its entries don't follow one another; remove its keys, and let nothing else write them");
  }
  return { after: position, entries, next: entries.at(-1)?.position ?? position };
}
