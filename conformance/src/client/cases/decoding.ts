import type { ClientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { type StreamCaseData, streamCase } from "./stream-case.ts";

const text = "data: €豆腐😀\n\n";
const events = [{ data: "€豆腐😀" }];

/** RULES A9, A23: UTF-8, and its BOM. */
export const decodingCases: readonly ClientCase[] = [
  streamCase({
    id: "client/decoding/utf-8",
    rule: "Streams are UTF-8, whatever the charset of the Content-Type says.",
    standard: standard.decoding,
    repair: "Decode as UTF-8 always.",
    wpt: ["format-utf-8.any.js"],
    launchDarkly: ["basic parsing/multi-byte characters"],
    head: { contentType: "text/event-stream;charset=windows-1252" },
    chunks: [text],
    events,
  }),
  ...[1, 2, 3].map((pieces) =>
    streamCase({
      id: `client/decoding/characters-in-pieces@chunk=${pieces}byte`,
      rule: "A character is whole also when its bytes come in several chunks.",
      standard: standard.decoding,
      repair: "Decode with a decoder that keeps the bytes of an unfinished character.",
      launchDarkly: ["basic parsing/multi-byte characters sent in single-byte pieces"],
      chunks: [text],
      pieces,
      events,
    }),
  ),
  streamCase({
    id: "client/decoding/no-utf-8",
    rule: "Bytes that are no UTF-8 become U+FFFD, and nothing else is lost.",
    standard: standard.decoding,
    repair: "Decode without throwing.",
    chunks: [
      Uint8Array.from([
        ...bytes("data: a"),
        0xff,
        ...bytes("b"),
        0xe2,
        0x82,
        ...bytes("c\ndata: d"),
        0xc3,
        ...bytes("\n\n"),
      ]),
    ],
    events: [{ data: "a\ufffdb\ufffdc\nd\ufffd" }],
  }),
  bomCase("at-the-start", "A BOM at the start is removed.", {
    wpt: ["format-bom.any.js"],
    launchDarkly: ["BOM handling/BOM at start is stripped", "BOM handling/no BOM"],
    chunks: ["\ufeffdata: a\n\ndata: b\ndata: c\n\n"],
    events: [{ data: "a" }, { data: "b\nc" }],
  }),
  bomCase("before-other-fields", "It is removed before a field of any name.", {
    launchDarkly: ["BOM handling/BOM before event with type and ID"],
    types: ["x"],
    chunks: ["\ufeffevent: x\nid: 1\ndata: a\n\n"],
    events: [{ type: "x", data: "a", id: "1" }],
  }),
  bomCase("before-a-comment", "It is removed before a comment.", {
    launchDarkly: ["BOM handling/BOM before comment"],
    chunks: ["\ufeff:note\ndata: a\n\n"],
    events: [{ data: "a" }],
  }),
  bomCase("before-a-blank-line", "It is removed before a blank line and before empty data.", {
    launchDarkly: ["BOM handling/BOM before empty data"],
    chunks: ["\ufeff\ndata\n\n"],
    events: [{ data: "" }],
  }),
  ...[1, 2].map((pieces) =>
    bomCase(`in-pieces@chunk=${pieces}byte`, "It is removed also when its bytes come in several chunks.", {
      launchDarkly: [`BOM handling/BOM split in ${pieces === 1 ? 3 : 2} chunks`],
      chunks: ["\ufeffdata: a\n\n"],
      pieces,
      events: [{ data: "a" }],
    }),
  ),
  bomCase("only-one", "A second one is text, so that the first line is no data.", {
    wpt: ["format-bom-2.any.js"],
    launchDarkly: ["BOM handling/only the first BOM is stripped"],
    chunks: ["\ufeff\ufeffdata: a\ndata: b\n\n"],
    events: [{ data: "b" }],
  }),
  bomCase("later", "One that comes later is text, in a name and in data.", {
    wpt: ["format-bom.any.js"],
    launchDarkly: ["BOM handling/BOM is not stripped from later data"],
    chunks: ["data: a\n\n\ufeffdata: b\ndata: \ufeffc\n\n"],
    events: [{ data: "a" }, { data: "\ufeffc" }],
  }),
];

function bomCase(
  slug: string,
  rule: string,
  data: Pick<StreamCaseData, "chunks" | "events"> & Partial<StreamCaseData>,
): ClientCase {
  return streamCase({
    id: `client/decoding/bom-${slug}`,
    rule,
    standard: standard.byteOrderMark,
    repair: "Decode with a UTF-8 decoder that removes one BOM, a new one for each connection.",
    needs: ["bom"],
    ...data,
  });
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
