import { EventStreamError } from "@ssekit/codec";

/** What SQLite says, which is the same on every runtime as its result codes are not, and what to do. */
const remedies = new Map([
  ["database is locked", "another process holds its lock; try again, or raise lockTimeout"],
  ["readonly database", "it is read-only; give the process the right to write the file and its folder"],
  ["disk I/O error", "the disk failed to read or write; look at the disk"],
  ["malformed", "it is damaged; restore a copy"],
  ["disk is full", "the disk is full; make room, and publish again"],
  ["unable to open", "it can't be opened; the folder must be there, and writable"],
  ["not a database", "it is not a SQLite database; give another path"],
]);

/** An error of SQLite as one that callers handle. */
export function sqliteError(action: string, path: string, cause: unknown): EventStreamError {
  if (cause instanceof EventStreamError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const [, remedy = said] = [...remedies].find(([words]) => said.includes(words)) ?? [];
  return new EventStreamError("log-unavailable", `Cannot ${action} the log in ${path}: ${remedy}`, { cause });
}
