/** Publish `perTurn` events in each turn, a turn every `interval` ms (0: as fast as it can), each with `size` bytes of data. */
export interface LoadTask {
  readonly task: "load";
  readonly events: number;
  readonly perTurn: number;
  readonly interval: number;
  readonly size: number;
  /** Whether a turn ends only when the log has its events; not by default. */
  readonly awaited?: boolean;
}

/** What a server is asked for; the answer to `usage` is a {@linkcode Usage}, to `load` nothing, once all is published. */
export type ServerTask = LoadTask | { readonly task: "usage" };

/** A server's use of the machine. */
export interface Usage {
  /** User and system time of the process so far, in microseconds. */
  readonly cpu: number;
  /** Resident memory after a collection, in bytes. */
  readonly memory: number;
}

/** Open connections, `inFlight` at once; `{index}` in the path becomes the connection's number. */
export interface OpenTask {
  readonly task: "open";
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly inFlight: number;
}

/** What opening them took, each until its first bytes; milliseconds. */
export interface Opened {
  /** Until the last one had its first bytes. */
  readonly total: number;
  /** How many waited for a second or longer, or were reset and had to come again. */
  readonly stalled: number;
}

/** From now on each reader is to get so many events, the first numbered 0, in order. Answered at once. */
export interface ExpectTask {
  readonly task: "expect";
  readonly events: number;
  /** How many readers, the first ones, have to get them; all by default. */
  readonly readers?: number;
  /** Whether to measure from when each event was due. */
  readonly latency?: boolean;
}

/** Wait until all of that came. */
export interface AwaitTask {
  readonly task: "await";
}

/** The answer, once it came. */
export interface Received {
  /** The 99th percentile, in milliseconds; 0 where nobody asked. */
  readonly p99: number;
}

/** Stop reading, from this reader on. */
export interface StallTask {
  readonly task: "stall";
  readonly from: number;
}

/** What the readers are asked for; all but `open` and `await` are answered by nothing. */
export type ReaderTask = OpenTask | ExpectTask | AwaitTask | StallTask;
