import type { Disconnection } from "./connection.ts";

/**
 * Why a client is closed:
 *
 * - `client`: `close()`, its signal, or who left the loop
 * - `end`: the stream is over, by 204, by `until`, or because it is not to be asked for again
 * - `error`: it failed; `disconnection` says how
 */
export type ClientCloseReason = "client" | "end" | "error";

/** What a client is doing. A new object for each change; never changed itself. */
export interface ClientState {
  /** 0 while it connects or waits to, 1 while it is connected, 2 once it is closed. */
  readonly readyState: 0 | 1 | 2;
  /** Which attempt it is since the last connection that lived long enough; the first is 1. */
  readonly attempt: number;
  /** How the attempt or connection before this one ended; `undefined` before the first end. */
  readonly disconnection: Disconnection | undefined;
  /** When the next attempt begins, in ms since the epoch, while it is waited for. */
  readonly nextAttemptAt: number | undefined;
  /** Why it is closed, once it is. */
  readonly closeReason: ClientCloseReason | undefined;
}
