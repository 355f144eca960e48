import type { EncodedEvent } from "@ssekit/codec";
import type { HubClock } from "./clock.ts";
import { CompanionReader } from "./companion-reader.ts";
import type { EventLog } from "./event-log.ts";
import { encodePresenceEvent } from "./hub-events.ts";

/** Who is on one node, or what has changed there: connections by id, for a user may have several. */
interface PresenceMessage {
  readonly node: string;
  /** Whether `here` is all that there is. */
  readonly whole: boolean;
  readonly here: readonly (readonly [id: string, user: string])[];
  readonly gone: readonly string[];
}

/** One that is told who is there. */
export interface Watcher {
  readonly writable: boolean;
  /** Whether it missed a change, or was told nothing yet, so that all is told anew. */
  presenceOwed: boolean;
  write(bytes: EncodedEvent, told: undefined): void;
}

/** What presence needs. */
export interface PresenceInit {
  readonly log: EventLog;
  /** This node's name. */
  readonly node: string;
  readonly clock: HubClock;
  readonly report: (error: unknown) => void;
}

interface PeerNode {
  readonly users: Map<string, string>;
  expires: number;
}

/** Milliseconds in which comings and goings are told together. */
const PRESENCE_TICK = 1000;
/** Milliseconds between two times that a node says who is all there. */
const RENEWAL = 10_000;
/** Milliseconds after which a node that said nothing is taken for gone, with its users. */
const PRESENCE_LEASE = 30_000;

const RETENTION = { maxBytes: 16 * 1024 * 1024, maxAge: PRESENCE_LEASE };

/**
 * Who is connected, on all nodes. Each says what changed once a tick, and from time to time who is all there, in a log of
 * its own that pushes no event out and that no reader gets (HUB B8); one that falls silent is forgotten with its users
 * (RULES B41).
 */
export class Presence {
  readonly #init: PresenceInit;
  readonly #reader: CompanionReader<PresenceMessage>;
  readonly #own = new Map<string, string>();
  readonly #others = new Map<string, PeerNode>();
  readonly #watchers = new Set<Watcher>();
  #here = new Map<string, string>();
  #gone = new Set<string>();
  #renewed = Number.NEGATIVE_INFINITY;
  /** Who was there when it was last told. */
  #told: ReadonlyMap<string, number> = new Map();
  #rest: (() => void) | undefined;
  #following: Promise<void> | undefined;

  constructor(init: PresenceInit) {
    this.#init = init;
    this.#reader = new CompanionReader({
      ...init,
      name: "presence",
      retention: RETENTION,
      onMessage: (message: PresenceMessage) => this.#learn(message),
      // The next renewal of each node tells again what was missed.
      onGap: () => {},
    });
  }

  /** How many connections each user has, on all nodes. */
  async users(): Promise<ReadonlyMap<string, number>> {
    await this.#follow();
    return this.#count();
  }

  join(id: string, user: string): void {
    this.#own.set(id, user);
    this.#here.set(id, user);
    this.#work();
  }

  leave(id: string): void {
    if (!this.#own.delete(id)) return;
    // One that came and went within a tick was never told.
    if (!this.#here.delete(id)) this.#gone.add(id);
  }

  /** Tells one who is there: all, then each tick what has changed. */
  async watch(watcher: Watcher): Promise<void> {
    await this.#follow();
    if (this.#watchers.size === 0) this.#told = this.#count();
    this.#watchers.add(watcher);
    // What the others were told last, for the next change is told to all of them.
    this.#tell(watcher, this.#told);
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  /** Says that all have gone. */
  async stop(): Promise<void> {
    this.#rest?.();
    this.#reader.stop();
    if (this.#own.size === 0 && this.#gone.size === 0) return;
    await this.#reader.tell({ node: this.#init.node, whole: true, here: [], gone: [] });
  }

  async #follow(): Promise<void> {
    this.#work();
    this.#following ??= this.#begin().catch((error: unknown) => {
      this.#following = undefined;
      throw error;
    });
    await this.#following;
  }

  /** Retention never takes the newest entry, however old: with one of our own there, what is read is of this lease. */
  async #begin(): Promise<void> {
    await this.#renew();
    await this.#reader.follow("start");
  }

  /** Says who is all here, and with that all that was not told yet. What could not be told is told again. */
  async #renew(): Promise<void> {
    this.#here = new Map();
    this.#gone = new Set();
    this.#renewed = this.#init.clock.now();
    try {
      await this.#reader.tell({ node: this.#init.node, whole: true, here: [...this.#own], gone: [] });
    } catch (error) {
      this.#renewed = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  #work(): void {
    this.#rest ??= this.#init.clock.every(PRESENCE_TICK, () => this.#tick());
  }

  #tick(): void {
    const now = this.#init.clock.now();
    for (const [node, { expires }] of this.#others) if (expires <= now) this.#others.delete(node);
    this.#announce(now);
    this.#tellAll();
  }

  #announce(now: number): void {
    if (this.#own.size > 0 && now - this.#renewed >= RENEWAL) {
      this.#renew().catch(this.#init.report);
      return;
    }
    if (this.#here.size === 0 && this.#gone.size === 0) return;
    const message = { node: this.#init.node, whole: false, here: [...this.#here], gone: [...this.#gone] };
    this.#here = new Map();
    this.#gone = new Set();
    this.#reader.tell(message).catch((error: unknown) => {
      // What could not be told is told with all the rest.
      this.#renewed = Number.NEGATIVE_INFINITY;
      this.#init.report(error);
    });
  }

  #learn({ node, whole, here, gone }: PresenceMessage): void {
    if (node === this.#init.node) return;
    const expires = this.#init.clock.now() + PRESENCE_LEASE;
    const known = this.#others.get(node) ?? { users: new Map<string, string>(), expires };
    known.expires = expires;
    if (whole) known.users.clear();
    for (const [id, user] of here) known.users.set(id, user);
    for (const id of gone) known.users.delete(id);
    if (known.users.size > 0) this.#others.set(node, known);
    else this.#others.delete(node);
  }

  #count(): Map<string, number> {
    const counts = new Map<string, number>();
    const nodes = [this.#own, ...[...this.#others.values()].map(({ users }) => users)];
    for (const users of nodes) for (const user of users.values()) counts.set(user, (counts.get(user) ?? 0) + 1);
    return counts;
  }

  #tellAll(): void {
    if (this.#watchers.size === 0) return;
    const now = this.#count();
    const joined = [...now.keys()].filter((user) => !this.#told.has(user));
    const left = [...this.#told.keys()].filter((user) => !now.has(user));
    this.#told = now;
    const isChanged = joined.length > 0 || left.length > 0;
    const change = isChanged ? encodePresenceEvent({ joined, left }) : undefined;
    for (const watcher of [...this.#watchers]) {
      if (watcher.presenceOwed) this.#tell(watcher, now);
      else if (change !== undefined && watcher.writable) this.#write(watcher, change);
      else if (change !== undefined) watcher.presenceOwed = true;
    }
  }

  /** Tells all, to one whose reader can take it. */
  #tell(watcher: Watcher, now: ReadonlyMap<string, number>): void {
    watcher.presenceOwed = !watcher.writable;
    if (watcher.writable) this.#write(watcher, encodePresenceEvent({ users: [...now.keys()] }));
  }

  #write(watcher: Watcher, bytes: EncodedEvent): void {
    try {
      watcher.write(bytes, undefined);
    } catch (error) {
      this.#watchers.delete(watcher);
      this.#init.report(error);
    }
  }
}
