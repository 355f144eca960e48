import type { EncodedEvent } from "@ssekit/codec";
import type { Admission, Applicant } from "./admission.ts";
import type { HubClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import { MAX_MATCHERS } from "./defaults.ts";
import type { Delivery } from "./delivery.ts";
import type { EventLog, Position } from "./event-log.ts";
import type { EventSink } from "./event-sink.ts";
import { Filter } from "./filter.ts";
import { type Authorize, type Grants, nextJudgement } from "./grants.ts";
import type { SubscribeOptions, Subscription, SubscriptionStart } from "./hub.ts";
import type { HubCounters } from "./hub-counters.ts";
import type { WireIds } from "./hub-entry.ts";
import { encodeCursorEvent, type Gap } from "./hub-events.ts";
import type { RefusalReason } from "./hub-metrics.ts";
import { judgeLoss } from "./judge-loss.ts";
import { lagPolicyOf } from "./lag-policy.ts";
import { isOfLostHistory, keepMark, markLoss, withoutMark } from "./marked-cursor.ts";
import type { Presence } from "./presence.ts";
import { EARLIEST } from "./published-event.ts";
import type { Matcher } from "./target.ts";
import { TopicReference } from "./topic-reference.ts";

/** What a subscriber needs. */
export interface SubscriberInit {
  readonly log: EventLog;
  readonly ids: WireIds;
  readonly base: URL;
  /** This node's name, with which its connections' ids begin. */
  readonly node: string;
  readonly clock: HubClock;
  readonly counters: HubCounters;
  readonly delivery: Delivery;
  readonly admission: Admission;
  readonly presence: Presence;
  /** Milliseconds between two judgements of a connection. */
  readonly reauthorizeInterval: number;
  /** Makes sure that this node hears whom to disconnect, before it takes one in. */
  readonly followControl: () => Promise<void>;
  /** Throws once the hub is closed. */
  readonly refuseWhenClosed: () => void;
  readonly report: (error: unknown) => void;
}

/** One connection from the moment it asks to come in. */
interface Member {
  readonly connection: Connection;
  /** How it is judged, if it is. */
  readonly trial: Trial | undefined;
  /** Whether it was told to go, maybe while it was still coming in. */
  isRevoked: boolean;
  /** Whether it was taken in, so that its end counts. */
  isOpened: boolean;
}

/** What may change of a connection that has an `authorize`. */
interface Trial {
  readonly authorize: Authorize;
  readonly matchers: readonly Matcher[];
  readonly options: SubscribeOptions;
  /** What its filter was made of. */
  grants: string;
  /** When it is to be judged again, by the hub's clock. */
  judgeAt: number;
  /** How often it was judged: of two judgements under way the later begun counts. */
  judgements: number;
}

const NO_GRANTS: Grants = {};

/** The key of grants that say nothing. */
const UNJUDGED = keyOf(NO_GRANTS);

/** Milliseconds between two looks for connections that are due to be judged. */
const JUDGE_TICK = 1000;

/** Takes connections in, judges them again, and puts out who may not stay. */
export class Subscriber {
  readonly #init: SubscriberInit;
  /** One subscription per sink: two cursors on one stream would lose and repeat (HUB A4). */
  readonly #members = new Map<EventSink, Member>();
  #count = 0;
  #rest: (() => void) | undefined;
  /** The latest cursor event: at a heartbeat all live connections get the same. */
  #cursorEvent: { readonly cursor: string; readonly bytes: EncodedEvent } | undefined;

  constructor(init: SubscriberInit) {
    this.#init = init;
  }

  async subscribe(
    sink: EventSink,
    given: Matcher | readonly Matcher[],
    options: SubscribeOptions,
  ): Promise<Subscription> {
    const { delivery, admission, counters } = this.#init;
    const id = `${this.#init.node}-${this.#count++}`;
    const matchers = listOf(given);
    const connection = new Connection(sink, {
      filter: this.#filterOf(id, matchers, options),
      lag: lagPolicyOf(options.whenBehind, options.maxLag),
      counters,
    });
    if (this.#members.has(sink)) {
      throw new TypeError("Cannot subscribe a sink twice: name all its topics in one subscription");
    }
    const member = { connection, trial: trialOf(matchers, options), isRevoked: false, isOpened: false };
    const subscription = { id, cursor: "", gap: undefined, requested: undefined, close: () => {} };
    this.#hearOfEnd(sink, connection, options);
    // One that has left costs the log nothing, and is none of those who were refused.
    if (connection.closed) return subscription;
    const isAdmitted = admission.admit(options);
    try {
      this.#init.refuseWhenClosed();
      const held = hold(sink);
      // Too many: 200, a reconnection time of its own, and the end, for any other status would be final (RULES B43, B44).
      const tooMany = admission.isOver ? "draining" : "limit";
      if (!isAdmitted) return this.#refuse(sink, { reason: tooMany, how: "drain" }, subscription);
      // From here on it hears that it shall go, though it is still coming in.
      this.#members.set(sink, member);
      await this.#init.followControl();
      const forbidden = { reason: "forbidden", how: held ? 403 : "revoked" } as const;
      const { trial } = member;
      if (trial && !(await this.#judge(connection, trial))) return this.#refuse(sink, forbidden, subscription);
      await delivery.follow();
      delivery.expect(connection);
      const { requested, cursor, position, gap } = await this.#startOf(sink, connection.filter, options);
      const ended = await this.#endedAt(position, connection);
      this.#init.refuseWhenClosed();
      const start = { ...subscription, cursor, gap: gap?.reason, requested };
      if (member.isRevoked) return this.#refuse(sink, forbidden, start);
      if (connection.closed) return start;
      if (admission.isOver) return this.#refuse(sink, { reason: "draining", how: "drain" }, start);
      const { isExact, topics } = connection.filter;
      if (held && gap === undefined && isExact && ended.length === topics.size) {
        // It stands after the end of all that it asks for: 204 stops a native EventSource for good (RULES B14).
        return this.#refuse(sink, { reason: "ended", how: 204 }, start);
      }
      this.#open(member, { sink, options, start, position, gap, ended });
      return { ...start, close: () => delivery.close(connection, "server") };
    } catch (error) {
      if (!member.isOpened) counters.refused.error += 1;
      delivery.close(connection, "error");
      throw error;
    }
  }

  /** Those whom one of the topics concerns go, and come back only if they are let in. */
  disconnect(topics: readonly string[]): void {
    for (const member of this.#concerned(topics)) this.#revoke(member);
  }

  /** Those whom one of the topics concerns are judged again, or all. Who has no judge is sent to be let in anew. */
  reauthorize(topics: readonly string[] | undefined): void {
    for (const member of this.#concerned(topics)) {
      if (member.trial !== undefined) void this.#judgeAgain(member, member.trial);
      else if (topics === undefined) this.#init.delivery.close(member.connection, "drain");
    }
  }

  stop(): void {
    this.#rest?.();
  }

  /** Ends a response otherwise than by a stream of events. */
  #refuse(sink: EventSink, { reason, how }: Refusal, subscription: Subscription): Subscription {
    this.#init.counters.refused[reason] += 1;
    if (typeof how === "number") sink.refuse(how);
    else sink.close(how);
    return subscription;
  }

  /** Apart from the others, for what the listener can see is kept for as long as the sink is. */
  #hearOfEnd(sink: EventSink, connection: Connection, { user, address }: Applicant): void {
    sink.onClose((reason) => {
      const { admission, counters, delivery, presence } = this.#init;
      delivery.remove(connection);
      const member = this.#members.get(sink);
      if (member === undefined) return;
      this.#members.delete(sink);
      admission.leave({ user, address });
      if (member.isOpened) counters.close(reason);
      presence.leave(connection.id);
      presence.unwatch(connection);
    });
  }

  #beatWith(sink: EventSink, connection: Connection): void {
    sink.onHeartbeat(() => {
      const at = this.#init.delivery.beat(connection);
      return at && this.#encodeCursor(at);
    });
  }

  #concerned(topics: readonly string[] | undefined): Member[] {
    const references = topics?.map((topic) => new TopicReference(topic, this.#init.base));
    return [...this.#members.values()].filter(
      ({ connection }) => references?.some((topic) => connection.filter.matches(topic)) ?? true,
    );
  }

  #revoke(member: Member): void {
    member.isRevoked = true;
    if (this.#init.delivery.connections.has(member.connection)) {
      this.#init.delivery.close(member.connection, "revoked");
    }
  }

  /** Asks what a connection may get, and lets it hold from here on (HUB B9); `false`: nothing any more. */
  async #judge(connection: Connection, trial: Trial): Promise<boolean> {
    const { clock, reauthorizeInterval } = this.#init;
    trial.judgements += 1;
    const { authorize, judgements } = trial;
    trial.judgeAt = Number.POSITIVE_INFINITY;
    const grants = await authorize();
    if (grants === undefined) return false;
    if (judgements !== trial.judgements) return true;
    trial.judgeAt = nextJudgement(clock.now(), reauthorizeInterval);
    this.#rest ??= clock.every(JUDGE_TICK, () => this.#judgeDue());
    if (keyOf(grants) === trial.grants) return true;
    const { matchers, options } = trial;
    this.#init.delivery.refilter(connection, this.#filterOf(connection.id, matchers, options, grants));
    trial.grants = keyOf(grants);
    return true;
  }

  async #judgeAgain(member: Member, trial: Trial): Promise<void> {
    const { connection } = member;
    try {
      if (!(await this.#judge(connection, trial))) return this.#revoke(member);
      // Where one that still comes in will stand, and what has ended there, is known when it is let in.
      if (!member.isOpened) return;
      const ended = await this.#endedAt(connection.cursor ?? this.#init.delivery.tail, connection);
      if (!connection.closed) connection.end(ended);
    } catch (error) {
      // Who can't be judged is not served: it comes back, and is judged then.
      this.#init.report(error);
      this.#init.delivery.close(connection, "drain");
    }
  }

  #judgeDue(): void {
    const now = this.#init.clock.now();
    for (const member of [...this.#members.values()]) {
      const { trial } = member;
      if (trial !== undefined && trial.judgeAt <= now) void this.#judgeAgain(member, trial);
    }
  }

  #filterOf(id: string, given: readonly Matcher[], options: SubscribeOptions, grants: Grants = NO_GRANTS): Filter {
    const matchers = grants.matchers === undefined ? given : listOf(grants.matchers);
    if (matchers.length > MAX_MATCHERS) {
      throw new RangeError(
        `Cannot subscribe to ${matchers.length} topics and patterns: ${MAX_MATCHERS} is the most; use fewer patterns`,
      );
    }
    const { user, private: granted = false } = options;
    return new Filter({ connection: id, matchers, user, private: grants.private ?? granted, base: this.#init.base });
  }

  async #startOf(sink: EventSink, filter: Filter, { from = "now" }: SubscribeOptions): Promise<Start> {
    const requested = typeof from === "object" ? from.cursor : sink.lastEventId;
    if (requested === undefined || requested === EARLIEST) {
      const fromNow = requested === undefined && from === "now";
      const position = fromNow ? await this.#init.log.head() : await this.#init.log.floor();
      return { requested, cursor: position.cursor, position, gap: undefined };
    }
    return this.#placeOf(requested, filter);
  }

  /** Where one goes on that comes back. */
  async #placeOf(requested: string, filter: Filter): Promise<Start> {
    if (this.#init.ids === "publisher" && !requested.startsWith("#")) {
      const found = await this.#init.log.find(requested);
      if (found !== undefined) return { requested, cursor: requested, position: found, gap: undefined };
    }
    const place = withoutMark(requested);
    const { answer, isLoss } = await judgeLoss({
      ask: () => this.#init.log.resolve(place),
      floorOf: ({ position, gap }) => (gap === "expired" ? position : undefined),
      isLoss: () => this.#init.log.trimmedAfter(filter.losable, place),
    });
    const { gap, n } = answer;
    if (gap === undefined || (gap === "expired" && !isLoss)) {
      const position = gap === undefined ? keepMark(answer.position, requested) : answer.position;
      return { requested, cursor: requested, position, gap: undefined };
    }
    const position = isOfLostHistory(gap) ? markLoss(answer.position, requested) : answer.position;
    return { requested, cursor: position.cursor, position, gap: { reason: gap, position, since: n } };
  }

  /** The head, and in the same turn the first bytes, which move the reader to where it stands. */
  #open(member: Member, { sink, options, start, position, gap, ended }: Opening): void {
    const { connection } = member;
    const { counters, delivery, presence, report } = this.#init;
    try {
      options.onOpen?.({ cursor: start.cursor, gap: start.gap, requested: start.requested });
    } catch (error) {
      report(error);
    }
    this.#beatWith(sink, connection);
    sink.open();
    member.isOpened = true;
    counters.opened += 1;
    if (gap === undefined) connection.write(this.#encodeCursor(position), position.cursor);
    else connection.tellGap(gap);
    connection.end(ended);
    if (connection.closed) return;
    delivery.add(connection, position);
    if (connection.closed) return;
    if (options.user !== undefined) presence.join(connection.id, options.user);
    if (options.presence) presence.watch(connection).catch(report);
  }

  /** The topics of an exact filter of which nothing can come after a position; it may get another while the log is asked. */
  async #endedAt(position: Position, connection: Connection): Promise<readonly string[]> {
    for (;;) {
      const { filter } = connection;
      const ends = filter.isExact ? await this.#init.log.ends([...filter.topics]) : [];
      if (filter === connection.filter) return endedBefore(position, filter, ends);
    }
  }

  #encodeCursor(position: Position): EncodedEvent {
    if (this.#cursorEvent?.cursor !== position.cursor) {
      this.#cursorEvent = { cursor: position.cursor, bytes: encodeCursorEvent(position) };
    }
    return this.#cursorEvent.bytes;
  }
}

interface Start extends Omit<SubscriptionStart, "gap"> {
  readonly position: Position;
  readonly gap: Gap | undefined;
}

interface Refusal {
  readonly reason: RefusalReason;
  /** A status, or how the stream closes. */
  readonly how: number | "drain" | "revoked";
}

interface Opening extends Pick<Start, "position" | "gap"> {
  readonly sink: EventSink;
  readonly options: SubscribeOptions;
  readonly start: SubscriptionStart;
  /** Its topics that have ended before it. */
  readonly ended: readonly string[];
}

/** The topics of which nothing can come after a position. */
function endedBefore(
  position: Position,
  { topics }: Filter,
  ends: readonly (Position | undefined)[],
): readonly string[] {
  if (ends.every((end) => end === undefined)) return [];
  return [...topics].filter((_, index) => (ends[index]?.n ?? Number.POSITIVE_INFINITY) <= position.n);
}

function trialOf(matchers: readonly Matcher[], options: SubscribeOptions): Trial | undefined {
  const { authorize } = options;
  if (authorize === undefined) return undefined;
  return { authorize, matchers, options, grants: UNJUDGED, judgeAt: Number.POSITIVE_INFINITY, judgements: 0 };
}

function listOf(matchers: Matcher | readonly Matcher[]): readonly Matcher[] {
  return typeof matchers === "string" || "pattern" in matchers ? [matchers] : matchers;
}

/** Tells whether two grants are the same. */
function keyOf({ matchers, private: granted }: Grants): string {
  return JSON.stringify([matchers, granted]);
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
