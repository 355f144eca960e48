import type { DispatchedEvent } from "@ssekit/codec";
import { ClusterSubscriber } from "./cluster-subscriber.ts";

/** The topic of a soak. */
export const SOAK_TOPIC = "soak";

/** The data of the event of this number, counted from 1: with the time when it was published, and filled up to a size. */
export function soakData(n: number, size: number): string {
  return `${n} ${performance.now()} `.padEnd(size, "x");
}

/** A reader that keeps no event, only what was wrong with them, for thousands of readers get thousands of events. */
export class SoakReader extends ClusterSubscriber {
  /** The number of its newest event. */
  newest = 0;
  lost = 0;
  /** Events that came twice, or after later ones. */
  repeated = 0;
  gaps = 0;
  /** Gets how long each event was under way, in milliseconds. */
  onLatency: (ms: number) => void = () => {};

  constructor(url: string) {
    super([SOAK_TOPIC], () => url);
  }

  protected override keep({ type, data }: DispatchedEvent): void {
    if (type === "ssekit.gap") this.gaps += 1;
    if (type !== "message") return;
    const [n = 0, publishedAt = 0] = data.split(" ", 2).map(Number);
    this.onLatency(performance.now() - publishedAt);
    if (n <= this.newest) this.repeated += 1;
    else this.lost += n - this.newest - 1;
    this.newest = Math.max(this.newest, n);
  }
}
