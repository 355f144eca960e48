import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A27: lines that start with a colon. */
export const commentCases: readonly ParserCaseData[] = [
  {
    id: "parse/comments/ignored",
    rule: "A line that starts with a colon is ignored.",
    ...standard.comment,
    repair: "Look at the first character before the line is taken apart.",
    wpt: ["format-comments.any.js"],
    launchDarkly: ["comments/single", "comments/two in a row", "comments/before an event", "comments/after an event"],
    streams: [{ input: ": a\n:\n:b\ndata: c\n\n: d\n", events: [event("c")] }],
  },
  {
    id: "parse/comments/that-look-like-fields",
    rule: "A comment that looks like a field is a comment.",
    ...standard.comment,
    repair: "Don't cut the colon off and read on.",
    wpt: ["format-comments.any.js"],
    streams: [{ input: "data: a\n:data: b\n:data\n\n", events: [event("a")] }],
  },
  {
    id: "parse/comments/end-no-block",
    rule: "A comment between the lines of a block doesn't end it.",
    ...standard.comment,
    repair: "Leave the buffers alone at a comment.",
    wpt: ["event-data.any.js"],
    streams: [{ input: "event: x\ndata: a\n: note\ndata: b\n\n", events: [event("a\nb", { type: "x" })] }],
  },
  {
    id: "parse/comments/give-no-event",
    rule: "A comment and a blank line give no event: a heartbeat is silent.",
    ...standard.emptyData,
    repair: "At a blank line dispatch only if a data field has come.",
    streams: [{ input: ": heartbeat\n\n:\n\ndata: a\n\n", events: [event("a")] }],
  },
  {
    id: "parse/comments/any-length",
    rule: "A comment may be long, and may hold any character.",
    ...standard.comment,
    repair: "Don't bound comments below what is real (padding of 2 KiB is common).",
    wpt: ["format-comments.any.js"],
    streams: [{ input: `:\0é:${"x".repeat(2048)}\ndata: a\n\n`, events: [event("a")] }],
  },
];
