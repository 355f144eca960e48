import type { Case } from "../../case.ts";
import { event, parserCase } from "../parser-case.ts";
import type { ParserSubject } from "../parser-subject.ts";

const anchor = "parsing-an-event-stream";

/** RULES A24: which characters end a line. */
export const lineEndCases: readonly Case<ParserSubject>[] = [
  parserCase({
    id: "parse/line-ends/each-kind",
    rule: "LF, CRLF and CR each end a line.",
    anchor,
    quote:
      "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character.",
    repair:
      "Split lines at CRLF, LF and CR alike; splitting at LF alone leaves a CR in the value or never sees a blank line.",
    wpt: ["format-newlines.any.js"],
    streams: [{ input: "data: a\ndata: b\n\ndata: c\n\n", anyLineEnd: true, events: [event("a\nb"), event("c")] }],
  }),
];
