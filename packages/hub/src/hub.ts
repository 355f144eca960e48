import type { EventContract, ServerSentEvent } from "@ssekit/codec";
import type { ConnectionLimits } from "./admission.ts";
import type { HubClock } from "./clock.ts";
import type { EventLog, GapReason } from "./event-log.ts";
import type { EventSink } from "./event-sink.ts";
import type { Authorize } from "./grants.ts";
import type { WireIds } from "./hub-entry.ts";
import type { HubMetrics } from "./hub-metrics.ts";
import type { MaxLag, WhenBehind } from "./lag-policy.ts";
import type { PublishAllOptions, PublishAllOutcome, PublishAllSource } from "./publish-all.ts";
import type { Matcher, Target } from "./target.ts";
import type { Scheduler } from "./turn.ts";

/** An event as a hub takes it: any, or one that the hub's contract defines. The type `message` need not be said. */
export type HubEvent<Inputs = unknown> = unknown extends Inputs
  ? ServerSentEvent<unknown>
  : {
      [Name in keyof Inputs & string]: Omit<ServerSentEvent, "event" | "data"> & {
        data: Inputs[Name];
      } & (Name extends "message" ? { event?: Name } : { event: Name });
    }[keyof Inputs & string];

/** Options of {@linkcode createHub}. */
export interface HubOptions<Inputs = unknown> {
  /**
   * What may be published, by `defineEvents`: `publish` takes no other, checks the data, and all data is JSON, strings too.
   * Default: anything.
   */
  events?: EventContract<Inputs, unknown>;
  /** Where events are kept; the hub closes it. Default: `memoryLog()`. */
  log?: EventLog;
  /**
   * Whose id an event carries on the wire. Default: `cursor`, the hub's own, which proves itself. With `publisher` it is
   * the event's `id` where there is one: a reader that resumes by it can be told less about what it missed.
   */
  ids?: WireIds;
  /** The URL against which topics and patterns are resolved. Default: `https://hub.invalid/`. */
  base?: string | URL;
  /** Gets what no caller does: what sinks and hooks throw, a publish that nobody awaits. Default: `console.error`. */
  onError?: (error: unknown) => void;
  /** How much of the newest events is kept encoded for readers that are a little behind, in bytes. Default: 1 MiB. */
  windowBytes?: number;
  /** How much of what one reader read of the log to catch up is kept for the others, in bytes. Default: 8 MiB. */
  catchUpBytes?: number;
  /** Runs a task at the end of the turn. Default: `setImmediate`, else a `MessageChannel`. */
  scheduler?: Scheduler;
  /** How many connections this node takes; others are told to come back later. Default: no limits. */
  limits?: ConnectionLimits;
  /** How often a connection's `authorize` is asked again, in milliseconds; up to a quarter earlier. Default: 60 s. */
  reauthorizeInterval?: number;
  /** Time, for what waits. Default: the runtime's. */
  clock?: HubClock;
}

/** Where a subscription starts. */
export interface SubscriptionStart {
  /** The id that stands for the place: the cursor that was requested where it was honoured. */
  readonly cursor: string;
  /** Why the requested cursor was not honoured. */
  readonly gap: GapReason | undefined;
  /** The cursor that was requested, by the sink or by `from`. */
  readonly requested: string | undefined;
}

/** Options of {@linkcode Hub.subscribe}. */
export interface SubscribeOptions {
  /**
   * Where to start. A cursor given here goes before the sink's `lastEventId`; the sink's goes before `now` and `start`,
   * for a reader that comes back must not get everything again. The cursor `earliest` means `start`. Default: `now`.
   */
  from?: "now" | "start" | { readonly cursor: string };
  /** The user whose own events the connection gets too. */
  user?: string;
  /** The connection's address, for `limits.perAddress`. Behind a proxy that is what the proxy says. */
  address?: string;
  /** Whether the connection may read private events. Default: `false`. */
  private?: boolean;
  /**
   * Says what the connection may get: called when it comes, every `reauthorizeInterval`, and when `reauthorize` asks. What
   * it gives holds from the current position on, and for all that is replayed then; `undefined` closes the connection as
   * `revoked`, and answers one that comes 403. When it throws, the connection is sent to come back. Default: it gets what
   * it subscribed to, for as long as it is open.
   */
  authorize?: Authorize;
  /**
   * Whether it is told who is connected, by events of type `ssekit.presence` without an id: first `{ users }`, then, at
   * most once a second, `{ joined, left }`. Default: `false`.
   */
  presence?: boolean;
  /** What happens when it is further behind than `maxLag`. Default: `catch-up`, which skips nothing. */
  whenBehind?: WhenBehind;
  /** How far behind it may be. Default: 1 MiB, 30 s. */
  maxLag?: MaxLag;
  /** Called just before the head goes, so that a header can still be set. What it throws goes to `onError`. */
  onOpen?(start: SubscriptionStart): void;
}

/** One subscription: a union of matchers on one sink, with one cursor. */
export interface Subscription extends SubscriptionStart {
  /** Names the connection, on every node: a target for `publish` and `disconnect`. */
  readonly id: string;
  /** Leaves the hub and ends the response. */
  close(): void;
}

/** Options of {@linkcode Hub.publish}. */
export interface PublishOptions {
  /** Whether only connections with the `private` grant get the event. Default: `false`. */
  private?: boolean;
  /** What the event is about: a later one of the same key supersedes it for readers who are far behind, if they may skip. */
  key?: string;
}

/** Options of {@linkcode Hub.drain}. */
export interface HubDrainOptions {
  /** Milliseconds until it is over, whoever still reads. Default: 10 s. */
  deadline?: number;
}

/** Topics, subscriptions and delivery over one log. */
export interface Hub<Inputs = unknown> {
  /**
   * Sends the events of all `matchers` to a sink, from where it asks, until it closes. It fulfils when the first bytes
   * are written. When nothing that it matches can come any more, for all its topics have ended, the response ends; one
   * that stands there from the start is answered 204, after which a native `EventSource` stops. It rejects
   * - with a `TypeError` for a matcher, user or sink that can't be subscribed; the sink is left as it was;
   * - with an `EventStreamError` of code `closed` after `close()`;
   * - with the log's error when the cursor can't be judged; the sink is closed then, so that its reader comes back.
   *
   * A rejection that nobody awaits goes to `onError`.
   */
  subscribe(sink: EventSink, matchers: Matcher | readonly Matcher[], options?: SubscribeOptions): Promise<Subscription>;
  /**
   * Appends an event to the log, whose readers get it at the end of the turn. Data that is not a string becomes JSON.
   *
   * The event's own `id` makes this idempotent for as long as the log keeps the event: a repeat answers the first id.
   *
   * @returns the event's id on the wire, once the event is as durable as the log promises. It rejects with a
   * `TypeError` or `RangeError` for an event or target that can't be published, and with an `EventStreamError` of code
   * `id-conflict` when another event has its id, `invalid-event` when the hub's contract refuses it, `ended` when a topic has ended, or `closed`. A rejection that nobody
   * awaits goes to `onError`.
   */
  publish(target: Target, event: HubEvent<Inputs>, options?: PublishOptions): Promise<string>;
  /**
   * Publishes all that a source gives, whoever reads it, then ends the topic: a reader who reloads gets it again from the
   * start, or goes on from its cursor. `end` of the topic, on any node, leaves the source and aborts its signal.
   *
   * Fulfils with how it came to its end, once the topic has ended. Rejects with what the source throws, or an event of
   * it is refused for; the topic is ended then too, so let the source catch what readers shall hear of.
   *
   * @example
   * ```ts
   * import { createHub } from "@ssekit/hub";
   *
   * const hub = createHub();
   * async function* answer() {
   *   for (const data of ["Hello", " world"]) yield { data };
   * }
   * console.log(await hub.publishAll("answers/7", answer(), { abandonAfter: 60_000 })); // "done"
   * await hub.close();
   * ```
   */
  publishAll(target: Target, source: PublishAllSource<Inputs>, options?: PublishAllOptions): Promise<PublishAllOutcome>;
  /**
   * Ends topics: their readers get what came before, and their responses end when nothing else can come. Nothing more can
   * be published to an ended topic for as long as the log keeps the end. To end them again does nothing.
   *
   * @returns the id of the end. A rejection that nobody awaits goes to `onError`.
   */
  end(target: Target): Promise<string>;
  /** The log's head: a page that carries it subscribes from just where its data ends. */
  cursor(): Promise<string>;
  /** How many connections this node has: all, or those that an event to `target` would reach. */
  count(target?: Target): number;
  /**
   * The users who are connected, on all nodes, and how many connections each has. What happens on another node is known
   * after a second; the users of a node that was killed are gone after 30 s, or a minute for who first asks then.
   */
  users(): Promise<ReadonlyMap<string, number>>;
  /**
   * Closes the connections that an event to `target` would reach, on every node, with the reason `revoked`. It fulfils
   * when every node will hear of it: one that is cut off does when it comes back, and one that has missed too much judges
   * all its connections again. Their readers come back, and `authorize`, or the app, decides.
   */
  disconnect(target: Target): Promise<void>;
  /** Has the connections that an event to `target` would reach judged again, on every node. Default: all. */
  reauthorize(target?: Target): Promise<void>;
  /**
   * Sends all readers away, to come back elsewhere or when this process is back: closes their responses with reason
   * `drain`, each after a reconnection time of its own, up to a hundred at once, more in ten waves over half of the
   * deadline. Who comes meanwhile gets the same answer. Nothing is lost: they resume. Publishing goes on until `close`.
   *
   * Fulfils when the last response has ended, or at the deadline. A second call gives the same promise.
   */
  drain(options?: HubDrainOptions): Promise<void>;
  /**
   * What was counted since the hub was created, and how this node stands: plain data, made when it is asked for. It looks
   * at each connection once, so ask every some seconds rather than for each event.
   *
   * @example
   * ```ts
   * import { createHub } from "@ssekit/hub";
   *
   * const hub = createHub();
   * await hub.publish("news", { data: "Hello" });
   * console.log(hub.metrics().published.entries.appended); // 1
   * await hub.close();
   * ```
   */
  metrics(): HubMetrics;
  /** Delivers what this turn brought, ends all connections, and closes the log. */
  close(): Promise<void>;
}
