import type { Connection } from "./connection.ts";
import type { Position } from "./event-log.ts";
import { HistogramCounter } from "./histogram.ts";
import type { HubMetrics } from "./hub-metrics.ts";

/** Upper bounds of `published.latency`, in milliseconds. */
const LATENCY_BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
/** Upper bounds of `connections.replayDepth`, in entries. */
const DEPTH_BOUNDS = [0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** What is looked at when the metrics are read, and costs nothing until then. */
export interface Present {
  readonly connections: Iterable<Connection>;
  readonly tail: Position;
  readonly now: number;
}

/** What a hub counts, where it happens: plain numbers, so that delivery pays an addition per write. */
export class HubCounters {
  opened = 0;
  readonly #closed = {
    client: 0,
    server: 0,
    end: 0,
    age: 0,
    stalled: 0,
    overflow: 0,
    drain: 0,
    revoked: 0,
    error: 0,
    other: 0,
  };
  readonly refused = { limit: 0, draining: 0, forbidden: 0, ended: 0, error: 0 };
  readonly replayDepth: HistogramCounter = new HistogramCounter(DEPTH_BOUNDS);
  readonly entries = { appended: 0, repeated: 0, conflict: 0, ended: 0, failed: 0 };
  readonly latency: HistogramCounter = new HistogramCounter(LATENCY_BOUNDS);
  events = 0;
  writes = 0;
  bytes = 0;
  readonly gaps = { expired: 0, overrun: 0, unknown: 0, foreign: 0, "rolled-back": 0, ahead: 0, skipped: 0 };
  readonly acted = { "skip-to-latest": 0, "latest-per-key": 0, disconnect: 0 };
  skipped = 0;
  tailLost = 0;
  tailMoved = 0;

  /** Counts a close by what the sink's `closed` gave. */
  readonly close = (reason: unknown): void => {
    const known = typeof reason === "string" && Object.hasOwn(this.#closed, reason);
    this.#closed[known ? (reason as keyof HubMetrics["connections"]["closed"]) : "other"] += 1;
  };

  read({ connections, tail, now }: Present): HubMetrics {
    const standing = { live: 0, behind: 0, ahead: 0 };
    const writePaths = { socket: 0, response: 0, other: 0 };
    let oldest = 0;
    for (const { cursor, owedSince, writePath } of connections) {
      writePaths[writePath ?? "other"] += 1;
      if (cursor !== undefined && cursor.n > tail.n) standing.ahead += 1;
      else if (owedSince === Number.POSITIVE_INFINITY) standing.live += 1;
      else {
        standing.behind += 1;
        oldest = Math.max(oldest, now - owedSince);
      }
    }
    return {
      connections: {
        ...standing,
        writePaths,
        opened: this.opened,
        closed: { ...this.#closed },
        refused: { ...this.refused },
        replayDepth: this.replayDepth.read(),
      },
      published: { entries: { ...this.entries }, latency: this.latency.read() },
      delivered: { events: this.events, writes: this.writes, bytes: this.bytes },
      gaps: { ...this.gaps },
      lag: { oldest, acted: { ...this.acted }, skipped: this.skipped },
      tail: { lost: this.tailLost, moved: this.tailMoved },
    };
  }
}
