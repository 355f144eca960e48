import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A24: which characters end a line. */
export const lineEndCases: readonly ParserCaseData[] = [
  {
    id: "parse/line-ends/each-kind",
    rule: "LF, CRLF and CR each end a line.",
    ...standard.lineEnds,
    repair:
      "Split at CRLF, LF and CR alike: a parser that knows LF alone leaves a CR in values, or sees no blank line.",
    wpt: ["format-newlines.any.js", "format-leading-space.any.js"],
    launchDarkly: ["linefeeds/*/one-line", "linefeeds/*/one-line + two-line"],
    streams: [{ input: "data: a\n\ndata: b\ndata: c\n\n", anyLineEnd: true, events: [event("a"), event("b\nc")] }],
  },
  {
    id: "parse/line-ends/mixed",
    rule: "A stream may mix LF, CRLF and CR.",
    ...standard.separators,
    repair: "Decide at each line how it ends, not once for the stream.",
    wpt: ["format-newlines.any.js", "format-field-parsing.any.js"],
    streams: [{ input: "data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\r", events: [event("a\nb\nc"), event("d")] }],
  },
  {
    id: "parse/line-ends/crlf-between-chunks",
    rule: "A CR at the end of one chunk and an LF at the start of the next are one line end.",
    ...standard.lineEnds,
    repair: "Remember over the end of a chunk that a CR came last, and swallow one LF after it.",
    launchDarkly: ["linefeeds/CRLF where CR ends a chunk", "linefeeds/CRLF/*"],
    streams: [{ input: "data: a\r\ndata: b\r\n\r\n", events: [event("a\nb")] }],
  },
  {
    id: "parse/line-ends/lf-before-cr",
    rule: "An LF and a CR after it are two line ends.",
    ...standard.lineEnds,
    repair: "Join CR and LF in this order alone.",
    streams: [{ input: "data: a\n\rdata: b\n\r", events: [event("a"), event("b")] }],
  },
  {
    id: "parse/line-ends/one-lf-is-swallowed",
    rule: "After a CRLF a further LF is a line end of its own.",
    ...standard.lineEnds,
    repair: "Forget the CR once its LF has come.",
    streams: [
      { input: "data: a\r\n\ndata: b\r\n\n", events: [event("a"), event("b")] },
      { input: "data: a\r\rdata: b\r\r", events: [event("a"), event("b")] },
    ],
  },
  {
    id: "parse/line-ends/no-others",
    rule: "Nothing but CR and LF ends a line: not U+2028, U+2029, U+0085, VT or FF.",
    ...standard.lineEnds,
    repair: "Don't split with a function that knows Unicode's line ends, as splitlines() of Python.",
    streams: [
      {
        input: "data: a\u2028b\u2029c\u0085d\u000be\u000cf\u001eg\n\n",
        events: [event("a\u2028b\u2029c\u0085d\u000be\u000cf\u001eg")],
      },
    ],
  },
  {
    id: "parse/line-ends/more-blank-lines",
    rule: "Blank lines without a block before them give no event.",
    ...standard.emptyData,
    repair: "At a blank line dispatch only if there is data.",
    launchDarkly: [
      "linefeeds/*/empty line first",
      "linefeeds/*/empty line in the middle",
      "linefeeds/*/1 extra empty line",
      "linefeeds/*/2 extra",
    ],
    streams: [{ input: "\ndata: a\n\n\n\ndata: b\n\n\n", anyLineEnd: true, events: [event("a"), event("b")] }],
  },
  {
    id: "parse/line-ends/cr-at-the-end",
    rule: "A CR ends its line also where nothing follows it.",
    ...standard.lineEnds,
    repair: "A parser that waits for the byte after a CR has to end the line when the stream ends.",
    streams: [{ input: "data: a\r\r", events: [event("a")] }],
  },
];
