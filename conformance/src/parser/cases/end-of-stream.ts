import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A26: what the end of the stream cuts off. */
export const endCases: readonly ParserCaseData[] = [
  {
    id: "parse/end/unfinished-block",
    rule: "A block without its blank line is discarded when the stream ends.",
    ...standard.endOfFile,
    repair: "Dispatch at blank lines alone: what is left at the end is a block that was cut off.",
    wpt: ["format-data-before-final-empty-line.any.js", "format-field-data.any.js"],
    launchDarkly: ["reconnection/partial message dropped on retry"],
    streams: [
      { input: "data: a\n\ndata: b\n", events: [event("a")] },
      { input: "data: a\n\nid: 1\ndata: b", events: [event("a")] },
    ],
  },
  {
    id: "parse/end/unfinished-line",
    rule: "A line without its end is discarded when the stream ends.",
    ...standard.endOfFile,
    repair: "Take a line when its end has come, not when the stream ends: half a number is another number.",
    streams: [{ input: "data: a\n\nretry: 10", events: [event("a")], reconnectionTime: null }],
  },
  {
    id: "parse/end/nothing",
    rule: "A stream without events gives none.",
    ...standard.endOfFile,
    repair: "Don't flush an empty event at the end.",
    streams: [
      { input: "", events: [] },
      { input: "\n", events: [] },
      { input: ": comment\n\n", events: [] },
    ],
  },
];
