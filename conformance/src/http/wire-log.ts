import type { CaseContext } from "../case.ts";
import type { WireLog } from "./request.ts";

/** Bytes of one piece that the log keeps: large events would fill it, and take their time. */
const KEPT = 2_048;

/** The wire log of a case, without the middle of what is large. */
export function wireLogOf(context: CaseContext): WireLog {
  return (direction, bytes) => {
    context.wire(direction, bytes.slice(0, KEPT));
    if (bytes.length > KEPT) context.wire(direction, `(and ${bytes.length - KEPT} more)`);
  };
}
