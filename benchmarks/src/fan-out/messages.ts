/** What the run asks of a server: `load` publishes `perTurn` events in each turn, a turn every `interval` ms (0: at once). */
export type ServerTask =
  | { readonly task: "usage" }
  | { readonly task: "load"; readonly events: number; readonly perTurn: number; readonly interval: number };

/** What a server answers: its port first, then its use of the machine. */
export interface ServerAnswer {
  readonly port?: number;
  /** User and system time of the process so far, in microseconds. */
  readonly cpu?: number;
  /** Resident memory after a collection, in bytes. */
  readonly memory?: number;
}

/** What the run asks of the readers: to open connections, or to wait until each got so many events more. */
export type ReaderTask =
  | { readonly task: "open"; readonly port: number; readonly connections: number }
  | { readonly task: "await"; readonly events: number };

/** What the readers answer: all are open, or all got exactly what they waited for. */
export interface ReaderAnswer {
  readonly done: true;
}
