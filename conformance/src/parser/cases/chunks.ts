import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** A stream may be cut anywhere: what a reader gets is the same. Every other case is cut in many ways too. */
export const chunkCases: readonly ParserCaseData[] = [
  {
    id: "parse/chunks/cut-lines",
    rule: "A line may come in several chunks.",
    ...standard.lineEnds,
    repair: "Keep what follows the last line end, and put the next chunk behind it.",
    launchDarkly: ["basic parsing/one-line message in two chunks", "basic parsing/two messages spanning 3 chunks"],
    streams: [{ input: "event: xyz\ndata: Hello world\n\n", events: [event("Hello world", { type: "xyz" })] }],
  },
  {
    id: "parse/chunks/cut-blocks",
    rule: "The lines of a block may come in several chunks.",
    ...standard.buffers,
    repair: "Keep the buffers over chunks: they end with their block.",
    streams: [
      {
        input: "event: x\nid: 1\ndata: a\ndata: b\n\ndata: c\n\n",
        events: [event("a\nb", { type: "x", lastEventId: "1" }), event("c", { lastEventId: "1" })],
      },
    ],
  },
  {
    id: "parse/chunks/many-events",
    rule: "All events of one chunk are dispatched, in their order.",
    ...standard.order,
    repair: "Read on after an event until the chunk is used up.",
    launchDarkly: ["basic parsing/many messages"],
    streams: [
      {
        input: Array.from({ length: 100 }, (_, n) => `data: ${n}\n\n`).join(""),
        events: Array.from({ length: 100 }, (_, n) => event(`${n}`)),
      },
    ],
  },
  {
    id: "parse/chunks/empty-ones",
    rule: "A chunk without bytes changes nothing.",
    ...standard.lineEnds,
    repair: "Return early for an empty chunk: it neither ends the stream nor comes between CR and LF.",
    streams: [{ input: "data: a\r\ndata: b\r\n\r\n", events: [event("a\nb")] }],
  },
];
