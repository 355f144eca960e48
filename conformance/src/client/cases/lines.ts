import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { streamCase } from "./stream-case.ts";

const LINE_ENDS = { lf: "\n", crlf: "\r\n", cr: "\r" };
const CHUNKINGS = { whole: undefined, "1byte": 1, "2byte": 2 };

/** The six streams that launchdarkly/sse-contract-tests tries with each line end, one after the other. */
const LINES = "data:1\n\ndata:2\n\ndata:3\ndata:4\n\n\ndata:5\n\ndata:6\n\n\ndata:7\n\ndata:8\n\n\n\n";
const EVENTS = ["1", "2", "3\n4", "5", "6", "7", "8"].map((data) => ({ data }));

/** RULES A24: what ends a line, in whatever pieces it comes. */
export const lineCases: readonly ClientCase[] = [
  ...Object.entries(LINE_ENDS).flatMap(([eol, lineEnd]) =>
    Object.entries(CHUNKINGS).map(([chunk, pieces]) =>
      streamCase({
        id: `client/lines/each-kind@eol=${eol}@chunk=${chunk}`,
        rule: "LF, CRLF and CR each end a line, wherever a stream is cut into pieces.",
        standard: standard.lineEnds,
        repair:
          "Split lines at CRLF, LF and CR; a CR ends its line at once, and the LF that may follow it belongs to it.",
        wpt: ["format-newlines.any.js", "format-field-parsing.any.js"],
        launchDarkly: [`linefeeds/${eol.toUpperCase()}`],
        chunks: [LINES.replaceAll("\n", lineEnd)],
        ...(pieces !== undefined && { pieces }),
        events: EVENTS,
      }),
    ),
  ),
  streamCase({
    id: "client/lines/mixed",
    rule: "Line ends are mixed freely.",
    standard: standard.lineEnds,
    repair: "Look for each kind of line end at each line.",
    wpt: ["format-newlines.any.js", "format-leading-space.any.js"],
    chunks: ["data: a\r\ndata: b\ndata: c\r\r\ndata: d\r\n\rdata: e\n\r\n"],
    events: [{ data: "a\nb\nc" }, { data: "d" }, { data: "e" }],
  }),
  streamCase({
    id: "client/lines/crlf-in-two-chunks",
    rule: "CR and LF are one line end also when a chunk ends between them.",
    standard: standard.lineEnds,
    repair: "Remember over chunks that the last byte was a CR, and skip an LF right after it.",
    launchDarkly: ["linefeeds/CRLF where CR ends a chunk"],
    chunks: ["data: a\r", "\ndata: b\r", "\n\r", "\n"],
    events: [{ data: "a\nb" }],
  }),
  clientCase({
    id: "client/lines/cr-at-once",
    rule: "A CR ends its line without waiting for what follows.",
    standard: standard.noDelay,
    repair: "End the line at the CR, and skip an LF if one comes next.",
    async run({ start }) {
      const client = await start();
      const exchange = await client.stream();
      exchange.write("data: a\r\r");
      const inTime = await Promise.race([
        client.events({ data: "a" }).then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((resolve) => setTimeout(resolve, 700, false)),
      ]);
      if (inTime) return undefined;
      exchange.write("data: b\r\rdata");
      await client.next("event", "the event, once more has come");
      return { verdict: "nonstrict", message: "An event that CR CR ends is given when the next byte has come" };
    },
  }),
  streamCase({
    id: "client/lines/nothing-else-ends-one",
    rule: "VT, FF, U+0085, U+2028 and U+2029 end no line.",
    standard: standard.lineEnds,
    repair: "Split at CR and LF alone; a language's splitLines() often knows more.",
    chunks: ["data: a\vb\fc\u0085d\u2028e\u2029f\x1cg\n\n"],
    events: [{ data: "a\vb\fc\u0085d\u2028e\u2029f\x1cg" }],
  }),
];
