import type { Schedule } from "./load-reader.ts";
import type { RequestTarget } from "./request-target.ts";
import type { TallyData } from "./tally.ts";

/** What one thread of readers is told at its start. */
export interface ReaderPlan {
  readonly target: RequestTarget;
  readonly run: string;
  readonly connections: number;
  /** How many may be connecting at once. */
  readonly inFlight: number;
  /** How many stop reading once they are open. */
  readonly stalled: number;
  /** How many break off and come back in each second. */
  readonly churn: number;
  /** Whether a stream that ends is opened again at once, as for answers of a language model. */
  readonly again: boolean;
  /** How long a head may take, in milliseconds. */
  readonly timeout: number;
}

/** What the main thread asks of the readers. */
export type ReaderTask =
  /** Open all connections; answered by `opened`. */
  | { readonly task: "open" }
  /** From here on events of this schedule come; answered by `expecting`. */
  | { readonly task: "expect"; readonly schedule: Schedule }
  /** Wait until all of `published`, by publisher, has come, at most `patience` ms; answered by `settled`. */
  | { readonly task: "settle"; readonly published: readonly number[]; readonly patience: number }
  /** Close all; answered by `finished`. */
  | { readonly task: "finish"; readonly published: readonly number[] };

/** What one thread saw in the last second. */
export interface ReaderSample {
  readonly open: number;
  readonly events: number;
  readonly bytes: number;
  /** Share of the second in which the thread worked, 0 to 1. */
  readonly utilization: number;
  /** Delivery latency of that second, in milliseconds; 0 where nothing was published. */
  readonly p50: number;
  readonly p99: number;
}

/** What a thread of readers answers. */
export type ReaderAnswer =
  /** With when it began and ended by `now()`, and the share of that time in which the thread worked. */
  | { readonly answer: "opened"; readonly from: number; readonly to: number; readonly utilization: number }
  | { readonly answer: "expecting" | "settled" | "deserted" }
  | { readonly answer: "sample"; readonly sample: ReaderSample }
  | { readonly answer: "finished"; readonly tally: TallyData };
