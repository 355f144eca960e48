import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** The simplest stream. */
export const smokeCase: ParserCaseData = {
  id: "parse/smoke/one-event",
  rule: "A data line and a blank line are one event.",
  ...standard.blankLine,
  repair: "Look at how the parser is attached: it takes bytes, and gives { type, data, lastEventId } for each event.",
  wpt: ["eventsource-onmessage.any.js"],
  launchDarkly: ["basic parsing/one-line message in one chunk", "basic parsing/default event type"],
  streams: [{ input: "data: Hello\n\n", events: [event("Hello")] }],
};
