import type { GapReason, Position } from "./event-log.ts";

/** What a mark looks like; no cursor of a log has a `~`. */
const MARK = /~[0-9a-z]{1,7}$/;

/**
 * The place where a reader goes on whose cursor the store has lost, by going back to an older copy. The store may have
 * held that place before as well, with other entries after it, and the reader may have had those: a node whose tail has
 * not heard of the loss would give them to it once more.
 *
 * So what the reader is told has a mark: a digest of the cursor that was lost. With a mark it is no place that any node
 * holds in memory, and what follows is read from the store; the next entry leads to a place of this history alone.
 */
export function markLoss({ n, cursor }: Position, lost: string): Position {
  return { n, cursor: `${cursor}~${digest(lost)}` };
}

/** The place of a cursor, with the mark that the cursor came with, if any. */
export function keepMark({ n, cursor }: Position, from: string): Position {
  return { n, cursor: cursor + from.slice(withoutMark(from).length) };
}

/** Whether a gap says that the store has lost what a cursor stands for. */
export function isOfLostHistory(reason: GapReason): boolean {
  return reason === "rolled-back" || reason === "ahead";
}

/** What the log knows of a cursor. */
export function withoutMark(cursor: string): string {
  return cursor.replace(MARK, "");
}

/** FNV-1a, at most 7 characters: two losses at one place that agree in it cost no more than a mark that says nothing. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  return (hash >>> 0).toString(36);
}
