import { type EncodedEvent, encodeEvent, type ServerSentEvent } from "@ssekit/codec";
import type { GapReason, Position } from "./event-log.ts";

/** Event types that begin so are the hub's own. */
export const RESERVED_TYPE_PREFIX = "ssekit.";

/** What a gap event says. */
export interface Gap {
  readonly reason: GapReason;
  /** Where delivery goes on. */
  readonly position: Position;
  /** After how many entries the reader stood, if that is known. */
  readonly since: number | undefined;
}

/**
 * Moves the reader's last event ID to a position. It has data, though empty, for an id-only block is lost in Firefox
 * and WebKit (HUB A1).
 */
export function encodeCursorEvent(position: Position): EncodedEvent {
  return encodeEvent(cursorEvent(position));
}

/** The same, not yet encoded. */
export function cursorEvent(position: Position): ServerSentEvent {
  return { event: `${RESERVED_TYPE_PREFIX}cursor`, data: "", id: position.cursor };
}

/** Tells who is there, or what has changed since; without an id, for it is no place in the log (RULES B8). */
export function encodePresenceEvent(
  presence:
    | { readonly users: readonly string[] }
    | { readonly joined: readonly string[]; readonly left: readonly string[] },
): EncodedEvent {
  return encodeEvent({ event: `${RESERVED_TYPE_PREFIX}presence`, data: JSON.stringify(presence) });
}

/** Tells a loss, and moves the reader to where delivery goes on, so that it is told once (HUB B1). */
export function encodeGapEvent({ reason, position, since }: Gap): EncodedEvent {
  const range = since !== undefined && since < position.n ? { first: since + 1, last: position.n } : undefined;
  const data = JSON.stringify({ reason, cursor: position.cursor, range });
  return encodeEvent({ event: `${RESERVED_TYPE_PREFIX}gap`, data, id: position.cursor });
}
