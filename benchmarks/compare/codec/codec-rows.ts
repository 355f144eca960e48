/** A row of the comparison of codecs. */
export interface CodecRow {
  /** What the benches call it; the first word is the bench. */
  readonly id: string;
  readonly title: string;
  /** The goal, on each runtime. */
  readonly atLeast?: number;
}

const PARSER = "times as fast as eventsource-parser";
const STREAMS = "times as fast as TextDecoderStream and its stream class";

/** All of them: PEERS section 1. */
export const codecRows: readonly CodecRow[] = [
  { id: "parse a", title: `a, LLM tokens in 16 KiB chunks, ${PARSER}`, atLeast: 0.97 },
  { id: "parse b", title: `b, one event per chunk, ${PARSER}`, atLeast: 0.97 },
  { id: "parse c", title: `c, id, event and 3 data lines, ${PARSER}`, atLeast: 0.97 },
  { id: "parse d", title: `d, events of 64 KiB to 1 MiB, ${PARSER}`, atLeast: 0.97 },
  { id: "parse e", title: `e, as a with CRLF, ${PARSER}`, atLeast: 1.3 },
  { id: "parse f", title: `f, multi-byte text, ${PARSER}`, atLeast: 0.97 },
  { id: "parse g", title: `g, 9 heartbeats an event, ${PARSER}`, atLeast: 0.97 },
  { id: "parse h", title: `h, one byte per chunk, ${PARSER} (5 is asked on Node)`, atLeast: 5 },
  { id: "parse mean", title: `geometric mean of a to g, ${PARSER}`, atLeast: 1.15 },
  { id: "parse a floor", title: "a, of the program for a alone", atLeast: 0.85 },
  { id: "parse c floor", title: "c, of the program for c alone", atLeast: 0.85 },
  { id: "iterate a", title: `for await over a, ${STREAMS}` },
  { id: "iterate b", title: `for await over b, ${STREAMS}` },
  { id: "iterate c", title: `for await over c, ${STREAMS}` },
  { id: "iterate mean", title: `geometric mean of the three, ${STREAMS}`, atLeast: 2 },
  { id: "linear line", title: "16 MiB in one line, of the speed of 16 times 1 MiB", atLeast: 0.25 },
  { id: "linear LF", title: "a million data lines in one event, of the speed in 16", atLeast: 0.25 },
  { id: "linear CR", title: "the same with CR", atLeast: 0.25 },
  { id: "linear CRLF", title: "the same with CRLF", atLeast: 0.25 },
  { id: "stringify small floor", title: "stringify a small event, of a bare template", atLeast: 0.77 },
  { id: "stringify full floor", title: "stringify id, event and 200 bytes, of a bare template", atLeast: 0.59 },
  { id: "stringify small", title: "stringify a small event, times as fast as eventsource-encoder", atLeast: 2 },
  { id: "stringify full", title: "stringify id, event and 200 bytes, times as fast as it", atLeast: 2 },
  { id: "stringify small better-sse", title: "stringify a small event, times as fast as better-sse" },
  { id: "stringify full better-sse", title: "stringify id, event and 200 bytes, times as fast as better-sse" },
  { id: "encode small Buffer", title: "a small event as bytes, of Buffer.from over a bare template" },
  { id: "encode small TextEncoder", title: "a small event as bytes, of TextEncoder over a bare template" },
  { id: "encode full Buffer", title: "id, event and 200 bytes as bytes, of Buffer.from over a bare template" },
  { id: "encode full TextEncoder", title: "id, event and 200 bytes as bytes, of TextEncoder over a bare template" },
];
