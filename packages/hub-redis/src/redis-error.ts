import { EventStreamError } from "@ssekit/codec";

/** What the store says, by the word with which its replies begin, and what to do. */
const remedies = new Map([
  ["OOM", "the store is full; give it more memory or keep less, and publish again"],
  [
    "READONLY",
    "it is a replica that takes no writes; connect to the primary, and let the client reconnect on READONLY",
  ],
  ["NOREPLICAS", "too few replicas are there to take a write; bring them back"],
  ["MISCONF", "it can't save to its disk; look at the store's own log"],
  ["LOADING", "it is loading its data; try again"],
  ["NOAUTH", "it wants a password; give it to the client"],
  ["NOPERM", "this user may not; allow it EVAL, EVALSHA, XREAD, INFO and what the scripts call, on the log's keys"],
  ["WRONGTYPE", "a key of the log holds something else; give the log another name"],
]);

/** Replies after which the same command may succeed. What is no reply, such as a lost connection, may too. */
const transient = new Set([
  "LOADING",
  "READONLY",
  "UNBLOCKED",
  "TRYAGAIN",
  "MASTERDOWN",
  "CLUSTERDOWN",
  "NOREPLICAS",
  "BUSY",
]);

/** The word with which an error reply of the store begins; `undefined` for an error of the client. */
export function replyCode(error: unknown): string | undefined {
  return error instanceof Error ? /^([A-Z]+) /.exec(error.message)?.[1] : undefined;
}

/** Whether the same may succeed a little later. */
export function isTransient(error: unknown): boolean {
  if (error instanceof EventStreamError) return false;
  const code = replyCode(error);
  return code === undefined || transient.has(code);
}

/** What the log's callers get when the store can't be used. */
export function unavailable(action: string, reason: string, cause?: unknown): EventStreamError {
  return new EventStreamError("log-unavailable", `Cannot ${action} the log in Redis: ${reason}`, { cause });
}

/** An error of the store or its client as one that callers handle. */
export function redisError(action: string, cause: unknown): EventStreamError {
  if (cause instanceof EventStreamError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  return unavailable(action, remedies.get(replyCode(cause) ?? "") ?? `${said}; look at the store`, cause);
}
