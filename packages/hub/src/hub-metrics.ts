import type { Appended, GapReason } from "./event-log.ts";
import type { Histogram } from "./histogram.ts";
import type { WhenBehind } from "./lag-policy.ts";

/** Why a response that the hub had opened has closed: what its sink's `closed` gave; `other`: anything else. */
export type ClosedReason =
  | "client"
  | "server"
  | "end"
  | "age"
  | "stalled"
  | "overflow"
  | "drain"
  | "revoked"
  | "error"
  | "other";

/**
 * Why one that asked to come in was not opened: a limit was reached; the hub drains; `authorize` gave nothing; all of its
 * topics had ended (204); the log could not be used, or `authorize` threw.
 */
export type RefusalReason = "limit" | "draining" | "forbidden" | "ended" | "error";

/**
 * What a hub has counted since it was created, and how its node stands now: plain data. Counts only rise, unless it is
 * said that they are of now. All is of this node.
 */
export interface HubMetrics {
  /** Who reads here, who came, and who was not let in. */
  readonly connections: {
    /** Now: those that stand at the tail and get what comes. A blocked one that is owed nothing is live. */
    readonly live: number;
    /** Now: those that are owed what this node has: resumed and not through, or blocked. */
    readonly behind: number;
    /** Now: those that have seen more of the log, on another node, than this one has heard. */
    readonly ahead: number;
    /** Now: which way the last bytes of each went, by its sink's `writePath`; `other`: the sink has one way. */
    readonly writePaths: Readonly<Record<"socket" | "response" | "other", number>>;
    /** Those whose response was opened. */
    readonly opened: number;
    /** Those of them whose response has closed, by reason. */
    readonly closed: Readonly<Record<ClosedReason, number>>;
    /** Those that were not opened, by reason. */
    readonly refused: Readonly<Record<RefusalReason, number>>;
    /** How many entries of the log lay between a connection's place and the tail when it was opened. */
    readonly replayDepth: Histogram;
  };
  /** What was published on this node. */
  readonly published: {
    /** Events, and ends of topics, that were given to the log, by what it answered; `failed`: it threw. */
    readonly entries: Readonly<Record<Appended["outcome"] | "failed", number>>;
    /** Milliseconds until the log answered, which is until the event was as durable as the log promises. */
    readonly latency: Histogram;
  };
  /** What its connections were given. */
  readonly delivered: {
    /** Events that sinks took: one for each event and connection. */
    readonly events: number;
    /** Writes that sinks took. */
    readonly writes: number;
    /** Bytes of these writes, before any framing: events, and the hub's own; heartbeats not. */
    readonly bytes: number;
  };
  /** Gap events that were written, by reason. */
  readonly gaps: Readonly<Record<GapReason, number>>;
  /** Readers that are behind, and what became of them. */
  readonly lag: {
    /** Now: milliseconds for which the one that is longest behind has been; 0 when none is. */
    readonly oldest: number;
    /** How often a policy acted on a reader that was further behind than its `maxLag`. */
    readonly acted: Readonly<Record<Exclude<WhenBehind, "catch-up">, number>>;
    /** Events that `skip-to-latest` kept from readers, each told by a gap of reason `skipped`. */
    readonly skipped: number;
  };
  /** How this node follows the log. */
  readonly tail: {
    /** How often this node could not follow the log any more, and sent its readers away. */
    readonly lost: number;
    /** How often the log went on elsewhere than at this node's tail: retention had passed it, or the store lost entries. */
    readonly moved: number;
  };
}
