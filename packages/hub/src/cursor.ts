import type { GapReason, Position, Resolution } from "./event-log.ts";

/** What a cursor proves: a place in one history of one log. */
export interface CursorParts {
  /** Names the history: 1 to 20 ASCII letters and digits. */
  readonly epoch: string;
  /** The position. */
  readonly n: number;
  /** Append time of the entry there, never decreasing; in milliseconds. */
  readonly tag: number;
}

/** What the store says of itself when a cursor is judged. */
export interface CursorFacts {
  /** Names the history. */
  readonly epoch: string;
  /** The last entry removed. */
  readonly floor: CursorParts;
  /** The last entry appended. */
  readonly head: CursorParts;
  /** The tag of the entry at `n`, which is above the floor and at most the head. */
  tagAt(n: number): number | undefined;
}

const MAX_CURSOR_LENGTH = 56;
const CURSOR_SYNTAX = /^#([0-9A-Za-z]{1,20})-(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})$/;

/**
 * Writes a cursor, `#<epoch>-<n>-<tag>`: for drivers of {@linkcode EventLog}.
 *
 * @example
 * ```ts
 * formatCursor({ epoch: "k3v9", n: 12, tag: 1764547200000 }); // "#k3v9-12-1764547200000"
 * ```
 */
export function formatCursor(parts: CursorParts): string {
  return `#${parts.epoch}-${parts.n}-${parts.tag}`;
}

/**
 * Reads a cursor; `undefined` when it is malformed: for drivers of {@linkcode EventLog}.
 *
 * @example
 * ```ts
 * parseCursor("#k3v9-12-1764547200000"); // { epoch: "k3v9", n: 12, tag: 1764547200000 }
 * parseCursor(""); // undefined
 * ```
 */
export function parseCursor(cursor: string): CursorParts | undefined {
  const match = cursor.length <= MAX_CURSOR_LENGTH ? CURSOR_SYNTAX.exec(cursor) : null;
  if (match === null) return undefined;
  const n = Number(match[2]);
  const tag = Number(match[3]);
  return Number.isSafeInteger(n) && Number.isSafeInteger(tag) ? { epoch: match[1] as string, n, tag } : undefined;
}

/**
 * Judges a cursor by what the store says: for drivers of {@linkcode EventLog}.
 *
 * @example
 * ```ts
 * const zero = { epoch: "k3v9", n: 0, tag: 0 };
 * resolveCursor("", { epoch: "k3v9", floor: zero, head: zero, tagAt: () => undefined }).gap; // "unknown"
 * ```
 */
export function resolveCursor(cursor: string, facts: CursorFacts): Resolution {
  const parts = parseCursor(cursor);
  if (parts === undefined) return goOnAtHead("unknown", facts);
  if (parts.epoch !== facts.epoch) return goOnAtHead("foreign", facts);
  if (parts.n > facts.head.n) return goOnAtHead("ahead", facts);
  if (parts.n < facts.floor.n) {
    // The entry is gone and can't prove the cursor, but tags never decrease, so a younger one was given out by a
    // history that the store has lost.
    if (parts.tag > facts.floor.tag) return goOnAtHead("rolled-back", facts);
    return { position: positionOf(facts.floor), gap: "expired", n: parts.n };
  }
  const tag = parts.n === facts.floor.n ? facts.floor.tag : facts.tagAt(parts.n);
  if (parts.tag !== tag) return goOnAtHead("rolled-back", facts);
  return { position: positionOf(parts), gap: undefined, n: undefined };
}

function goOnAtHead(gap: GapReason, facts: CursorFacts): Resolution {
  return { position: positionOf(facts.head), gap, n: undefined };
}

function positionOf(parts: CursorParts): Position {
  return { n: parts.n, cursor: formatCursor(parts) };
}
