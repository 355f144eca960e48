/**
 * The hub: topics, subscriptions, delivery and replay of Server-Sent Events over a log, so that no event is lost or
 * repeated silently. It writes to anything that is an {@linkcode EventSink}, as the streams of `@ssekit/server` are.
 *
 * Publishing appends to the log. Each connection has one cursor into it: live, slow and resumed readers are served by the
 * same path, and none has a queue. Every event's id proves a place in the log; a reader that comes back with an id that
 * the log can't honour is told by one event of type `ssekit.gap`, and an event of type `ssekit.cursor` moves readers on
 * that got nothing. With the log in memory, all of this lasts as long as the process.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 *
 * const hub = createHub();
 * const id = await hub.publish("news", { data: "Hello" });
 * console.log(id.startsWith("#")); // true
 * await hub.close();
 * ```
 *
 * @module
 */

export type { ConnectionLimits } from "./admission.ts";
export type { HubClock } from "./clock.ts";
// For those who write a driver.
export { checkedCompanionName } from "./companion-name.ts";
export { createHub } from "./create-hub.ts";
export { type CursorFacts, type CursorParts, formatCursor, parseCursor, resolveCursor } from "./cursor.ts";
export {
  DEFAULT_BASE,
  DEFAULT_CATCH_UP_BYTES,
  DEFAULT_HUB_DRAIN_DEADLINE,
  DEFAULT_LOG_MAX_AGE,
  DEFAULT_LOG_MAX_BYTES,
  DEFAULT_MAX_LAG_AGE,
  DEFAULT_MAX_LAG_BYTES,
  DEFAULT_REAUTHORIZE_INTERVAL,
  DEFAULT_WINDOW_BYTES,
  MAX_MATCHERS,
  MAX_PATTERN_LENGTH,
  MAX_TOPIC_LENGTH,
  MAX_TRIM_MARKS,
} from "./defaults.ts";
export { entrySize } from "./entry-size.ts";
export type {
  Appended,
  EventLog,
  GapReason,
  LogEntry,
  LoggedEvent,
  NewEntry,
  Page,
  Position,
  Resolution,
  Retention,
} from "./event-log.ts";
export type { EventSink } from "./event-sink.ts";
export type { Authorize, Grants } from "./grants.ts";
export type { Histogram } from "./histogram.ts";
export type {
  Hub,
  HubDrainOptions,
  HubEvent,
  HubOptions,
  PublishOptions,
  SubscribeOptions,
  Subscription,
  SubscriptionStart,
} from "./hub.ts";
export type { WireIds } from "./hub-entry.ts";
export type { ClosedReason, HubMetrics, RefusalReason } from "./hub-metrics.ts";
export { isSameEntry } from "./is-same-entry.ts";
export type { MaxLag, WhenBehind } from "./lag-policy.ts";
export { type MemoryLogOptions, memoryLog } from "./memory-log.ts";
export type { PublishAllOptions, PublishAllOutcome, PublishAllSource } from "./publish-all.ts";
export { randomEpoch } from "./random-epoch.ts";
export { refusedByEnds } from "./refused-by-ends.ts";
export { sharedHub } from "./shared-hub.ts";
export type { AllTarget, ConnectionTarget, Matcher, Target, TopicPatternMatcher, UserTarget } from "./target.ts";
export type { Scheduler } from "./turn.ts";
