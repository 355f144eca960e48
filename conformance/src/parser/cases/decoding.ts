import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A23: bytes become text. */
export const decodingCases: readonly ParserCaseData[] = [
  {
    id: "parse/bom/one-is-dropped",
    rule: "One byte order mark at the start of the stream is dropped.",
    ...standard.byteOrderMark,
    repair: "Decode with a UTF-8 decoder that drops a BOM, once per stream, also when its three bytes come apart.",
    wpt: ["format-bom.any.js"],
    launchDarkly: [
      "BOM handling/at start stripped",
      "BOM handling/before event with type and ID",
      "BOM handling/with two messages",
      "BOM handling/split in 2",
      "BOM handling/split in 3 bytes",
      "BOM handling/none",
      "BOM handling/multi-line data",
      "BOM handling/before a comment",
      "BOM handling/before empty data",
    ],
    streams: [
      { input: "\ufeffdata: a\ndata: b\n\ndata: c\n\n", events: [event("a\nb"), event("c")] },
      { input: "\ufeffevent: x\nid: 1\ndata: a\n\n", events: [event("a", { type: "x", lastEventId: "1" })] },
      { input: "\ufeff: comment\ndata: a\n\n", events: [event("a")] },
      { input: "\ufeffdata\n\n", events: [event("")] },
    ],
  },
  {
    id: "parse/bom/second-one-stays",
    rule: "Of two byte order marks at the start the second is text, and makes the name of the first field unknown.",
    ...standard.byteOrderMark,
    repair:
      "Drop one U+FEFF at most: a loop or trimming drops them all, and so does the TextDecoder of Node.js 26 where a chunk ends inside of the first; give it ignoreBOM: true and drop one yourself.",
    wpt: ["format-bom-2.any.js"],
    launchDarkly: ["BOM handling/only the first"],
    streams: [{ input: "\ufeff\ufeffdata: a\n\ndata: b\n\n", events: [event("b")] }],
  },
  {
    id: "parse/bom/later-one-stays",
    rule: "A byte order mark anywhere but at the start of the stream is text.",
    ...standard.byteOrderMark,
    repair: "Drop the BOM at the start of the stream alone, not of each chunk, line or block.",
    wpt: ["format-bom.any.js"],
    launchDarkly: ["BOM handling/not stripped from later data"],
    streams: [
      {
        input: "data: a\n\n\ufeffdata: b\n\ndata: \ufeffc\n\n",
        events: [event("a"), event("\ufeffc")],
      },
    ],
  },
  {
    id: "parse/utf-8/characters",
    rule: "Bytes are decoded as UTF-8, also where a character is cut between chunks.",
    ...standard.decoding,
    repair: "Use one streaming decoder per stream (TextDecoder with { stream: true }), not one per chunk.",
    wpt: ["format-utf-8.any.js"],
    launchDarkly: ["basic parsing/multi-byte characters", "basic parsing/multi-byte in single-byte pieces"],
    streams: [
      {
        input: "event: ü\nid: €\ndata: ok…é€😀\n\n",
        events: [event("ok…é€😀", { type: "ü", lastEventId: "€" })],
      },
    ],
  },
  {
    id: "parse/utf-8/bad-bytes",
    rule: "Bytes that are no UTF-8 become U+FFFD, and the rest of the stream is read.",
    ...standard.decoding,
    repair: "Decode with replacement, not with a decoder that throws or drops.",
    streams: [
      { input: bytes("data: a", 0xff, "b\n\ndata: c\n\n"), events: [event("a\ufffdb"), event("c")] },
      { input: bytes("data: ", 0xc0, 0xaf, "\n\n"), events: [event("\ufffd\ufffd")] },
    ],
  },
  {
    id: "parse/utf-8/cut-character",
    rule: "A character that is cut short becomes U+FFFD, and takes no byte that follows it.",
    ...standard.decoding,
    repair: "Follow the UTF-8 decoder of the Encoding standard: a byte that can't continue a character is read again.",
    streams: [{ input: bytes("data: ", 0xe2, 0x82, "\ndata: b\n\n"), events: [event("\ufffd\nb")] }],
  },
];

/** Bytes of text and of numbers. */
function bytes(...parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : [part])),
  );
}
