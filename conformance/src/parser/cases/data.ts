import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A31, A37 and A38: the data. */
export const dataCases: readonly ParserCaseData[] = [
  {
    id: "parse/data/lines-are-joined",
    rule: "Several data fields are joined with LF.",
    ...standard.dataField,
    repair: "Append each value and an LF, whatever ends the lines of the stream.",
    wpt: ["event-data.any.js"],
    launchDarkly: ["basic parsing/one two-line message"],
    streams: [{ input: "data: a\ndata: b\ndata: c\n\n", anyLineEnd: true, events: [event("a\nb\nc")] }],
  },
  {
    id: "parse/data/one-lf-is-removed",
    rule: "Exactly one LF is removed at the end of the data.",
    ...standard.trailingLineFeed,
    repair: "Remove one LF, not all: an empty data line at the end is text.",
    wpt: ["format-field-data.any.js"],
    streams: [{ input: "data: a\ndata:\ndata:\n\n", events: [event("a\n\n")] }],
  },
  {
    id: "parse/data/empty-value",
    rule: "A data field without a value makes an event with empty data.",
    ...standard.dataField,
    repair: "Tell empty data from no data: the event is due as soon as there was one data field.",
    wpt: ["format-field-data.any.js", "event-data.any.js"],
    launchDarkly: ["basic parsing/empty data"],
    streams: [
      { input: "data:\n\ndata: \n\n", events: [event(""), event("")] },
      { input: "event: x\ndata\n\n", events: [event("", { type: "x" })] },
    ],
  },
  {
    id: "parse/data/none-gives-no-event",
    rule: "A block without a data field gives no event.",
    ...standard.emptyData,
    repair: "Dispatch only where a data field has come.",
    wpt: ["event-data.any.js"],
    streams: [{ input: "event: x\n\nid: 1\n\nretry: 1000\n\nfoo: bar\n\n", events: [] }],
  },
  {
    id: "parse/data/ends-with-its-block",
    rule: "The data holds for its own block alone.",
    ...standard.clearing,
    repair: "Empty the data buffer when an event is dispatched.",
    launchDarkly: ["basic parsing/two one-line messages in one chunk"],
    streams: [{ input: "data: a\n\ndata: b\n\n", events: [event("a"), event("b")] }],
  },
  {
    id: "parse/data/null-character",
    rule: "U+0000 in data is text.",
    ...standard.dataField,
    repair: "Don't treat data as a string that ends at U+0000; only an id may not hold it.",
    wpt: ["format-null-character.any.js", "format-field-parsing.any.js"],
    streams: [{ input: "data: \0\n\ndata: a\0b\n\n", events: [event("\0"), event("a\0b")] }],
  },
  {
    id: "parse/data/taken-literally",
    rule: "Data is text: no escape, number, entity or JSON in it is read.",
    ...standard.dataField,
    repair: "Give the text as it is; whoever sent JSON parses it.",
    streams: [
      {
        input: 'data: a\\nb %41 &amp; "c"\n\ndata: null\n\ndata: 007\n\ndata: [DONE]\n\n',
        events: [event('a\\nb %41 &amp; "c"'), event("null"), event("007"), event("[DONE]")],
      },
    ],
  },
  {
    id: "parse/data/large",
    rule: "A line may be long: one of a mebibyte arrives whole.",
    ...standard.dataField,
    repair: "Don't bound lines below what is real, and join chunks in linear time.",
    launchDarkly: ["basic parsing/large message in one chunk", "basic parsing/large message in two chunks"],
    streams: [
      { input: `data: ${"0123456789abcdef".repeat(65_536)}\n\n`, events: [event("0123456789abcdef".repeat(65_536))] },
    ],
  },
];
