import type { Matcher } from "./target.ts";

/** What one connection may get. */
export interface Grants {
  /** Its topics and patterns. Default: those that it subscribed to. */
  readonly matchers?: Matcher | readonly Matcher[];
  /** Whether it may read private events. Default: as it was subscribed. */
  readonly private?: boolean;
}

/** Says what a connection may get from now on; `undefined`: nothing any more. */
export type Authorize = () => Grants | undefined | Promise<Grants | undefined>;

/** Up to a quarter earlier, by chance, so that those who came together are not judged together. */
export function nextJudgement(now: number, interval: number): number {
  return now + interval * (0.75 + Math.random() / 4);
}
