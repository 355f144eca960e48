import type { DispatchedEvent } from "@ssekit/codec";
import { type CaseContext, CaseFailure } from "../case.ts";
import { counted } from "../counted.ts";
import { annotatedDump, quoted } from "./annotated-dump.ts";
import type { ParserStep } from "./parser-subject.ts";

/** A failure on a stream that came in these chunks, with its bytes explained; writes the wire log too. */
export function parserFailure(
  context: CaseContext,
  title: string,
  { chunks, steps }: { readonly chunks: readonly Uint8Array[]; readonly steps: readonly ParserStep[] },
  seen: { readonly expected: string; readonly actual: string },
): CaseFailure {
  const cuts = new Set<number>();
  let length = 0;
  for (const chunk of chunks) {
    length += chunk.length;
    cuts.add(length);
  }
  cuts.delete(length);
  for (const [index, { events }] of steps.entries()) {
    context.wire("sent", chunks[index] ?? "(end of the stream)");
    for (const event of events) context.wire("received", JSON.stringify(event));
  }
  const legend = cuts.size > 0 ? ", | where a chunk ends" : "";
  return new CaseFailure(
    `${title}\n${counted(length, "byte")}${legend}:\n${annotatedDump(concat(chunks, length), cuts)}`,
    seen,
  );
}

/** Events as one line. */
export function shownEvents(events: readonly DispatchedEvent[]): string {
  if (events.length === 0) return "no event";
  const shown = events.slice(0, MAX_EVENTS).map(({ type, data, lastEventId }) => {
    return `${type} ${quoted(data)}${lastEventId === "" ? "" : ` (last event ID ${quoted(lastEventId)})`}`;
  });
  const rest = events.length - MAX_EVENTS;
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** How many events a failure shows. */
const MAX_EVENTS = 8;

/** Whether two lists of events are the same. */
export function sameEvents(one: readonly DispatchedEvent[], other: readonly DispatchedEvent[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ type, data, lastEventId }, index) => {
      const event = other[index];
      return type === event?.type && data === event.data && lastEventId === event.lastEventId;
    })
  );
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
