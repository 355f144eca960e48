import type { Case } from "../../case.ts";
import { event, parserCase } from "../parser-case.ts";
import type { ParserSubject } from "../parser-subject.ts";

/** The simplest stream. */
export const smokeCase: Case<ParserSubject> = parserCase({
  id: "parse/smoke/one-event",
  rule: "A data line and a blank line are one event.",
  anchor: "event-stream-interpretation",
  quote: "If the line is empty (a blank line): Dispatch the event, as defined below.",
  repair: "Check how the parser is attached: it gets bytes, and gives { type, data, lastEventId } for each event.",
  streams: [{ input: "data: Hello\n\n", events: [event("Hello")] }],
});
