import type { Case } from "../../case.ts";
import { standard } from "../../standard.ts";
import { event, parserCase } from "../parser-case.ts";
import type { ParserSubject } from "../parser-subject.ts";

/** The simplest stream. */
export const smokeCase: Case<ParserSubject> = parserCase({
  id: "parse/smoke/one-event",
  rule: "A data line and a blank line are one event.",
  ...standard.blankLine,
  repair: "Look at how the parser is attached: it takes bytes, and gives { type, data, lastEventId } for each event.",
  wpt: ["eventsource-onmessage.any.js"],
  launchDarkly: ["basic parsing/one-line message in one chunk", "basic parsing/default event type"],
  streams: [{ input: "data: Hello\n\n", events: [event("Hello")] }],
});
