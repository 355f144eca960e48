import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A28 to A30, and A34: how a line is taken apart. */
export const fieldCases: readonly ParserCaseData[] = [
  {
    id: "parse/fields/first-colon",
    rule: "The first colon separates name and value; further ones belong to the value.",
    ...standard.firstColon,
    repair: "Look for the first colon; splitting at each loses what stands behind the second.",
    streams: [
      {
        input: 'data: {"a": "b:c"}\nid: 1:2\nevent:x:y\n\n',
        events: [event('{"a": "b:c"}', { type: "x:y", lastEventId: "1:2" })],
      },
    ],
  },
  {
    id: "parse/fields/one-space",
    rule: "One space after the colon is removed, not more.",
    ...standard.leadingSpace,
    repair: "Remove one U+0020; trimming spoils indented text, and code above all.",
    wpt: ["format-field-parsing.any.js", "format-leading-space.any.js"],
    launchDarkly: ["basic parsing/extra leading space"],
    streams: [{ input: "data:  a\nevent:  x\nid:  1\n\n", events: [event(" a", { type: " x", lastEventId: " 1" })] }],
  },
  {
    id: "parse/fields/no-space",
    rule: "A value needs no space before it.",
    ...standard.leadingSpace,
    repair: "Separate at the colon, not at a colon and a space.",
    wpt: ["format-field-parsing.any.js", "event-data.any.js"],
    launchDarkly: ["basic parsing/without leading space"],
    streams: [{ input: "data:a\nevent:x\nid:1\n\n", events: [event("a", { type: "x", lastEventId: "1" })] }],
  },
  {
    id: "parse/fields/other-white-space",
    rule: "No white space but one space is removed: not a tab, and none at the end.",
    ...standard.leadingSpace,
    repair: "Compare with U+0020 alone, and leave the end of the value as it is.",
    wpt: ["format-leading-space.any.js"],
    streams: [
      { input: "data:\ta\n\n", events: [event("\ta")] },
      { input: "data:\u00a0a\n\n", events: [event("\u00a0a")] },
    ],
  },
  {
    id: "parse/fields/trailing-space",
    rule: "White space at the end of a value stays.",
    ...standard.firstColon,
    repair: "Don't trim lines or values: tokens of a language model end with spaces.",
    streams: [{ input: "data: a \ndata: b\t\n\n", events: [event("a \nb\t")] }],
  },
  {
    id: "parse/fields/no-colon",
    rule: "A line without a colon is a field with an empty value.",
    ...standard.noColon,
    repair: "Take the whole line as the name.",
    wpt: ["format-field-data.any.js", "event-data.any.js"],
    launchDarkly: ["basic parsing/field with no colon"],
    streams: [
      { input: "data\n\ndata\ndata\n\n", events: [event(""), event("\n")] },
      { input: "id: 1\nevent: x\ndata: a\nevent\nid\n\n", events: [event("a")] },
    ],
  },
  {
    id: "parse/fields/case-sensitive",
    rule: "Names are compared literally, without case folding.",
    ...standard.names,
    repair: "Don't lower the case of names, as header fields want it.",
    wpt: ["event-data.any.js", "format-field-parsing.any.js"],
    streams: [{ input: "Data: a\nDATA: b\ndata: c\nEvent: x\nID: 1\n\n", events: [event("c")] }],
  },
  {
    id: "parse/fields/names-are-not-trimmed",
    rule: "White space belongs to the name.",
    ...standard.names,
    repair: "Don't trim the line, nor the name.",
    wpt: ["format-field-parsing.any.js", "format-field-unknown.any.js"],
    streams: [{ input: " data: a\ndata : b\n\tdata: c\ndata: d\n\n", events: [event("d")] }],
  },
  {
    id: "parse/fields/whole-name",
    rule: "A name that only begins or ends like a known one is unknown.",
    ...standard.names,
    repair: "Compare the whole name; startsWith() takes database: for data:.",
    wpt: ["format-field-parsing.any.js", "format-field-unknown.any.js"],
    streams: [
      {
        input: "data\0: a\n\0data: b\nda-ta: c\ndata_5: d\ndata: e\ndatabase: f\nids: 1\nevents: x\nmydata: g\n\n",
        events: [event("e")],
      },
    ],
  },
  {
    id: "parse/fields/unknown-ones",
    rule: "Any other field is ignored, and leaves its block as it is.",
    ...standard.otherField,
    repair: "Skip the line; don't throw, and don't end the block.",
    wpt: ["format-field-unknown.any.js", "event-data.any.js"],
    launchDarkly: ["basic parsing/unknown field"],
    streams: [{ input: "foo: bar\ndata: a\nbaz\ndata: b\ncom.ment: c\n\n", events: [event("a\nb")] }],
  },
  {
    id: "parse/fields/inherited-names",
    rule: "A field that is named like a property that objects inherit is as unknown as any other.",
    ...standard.otherField,
    repair: "Don't look names up in a plain object: compare them, or use a Map.",
    streams: [{ input: "constructor: a\n__proto__: b\ntoString: c\ndata: d\n\n", events: [event("d")] }],
  },
  {
    id: "parse/fields/any-order",
    rule: "The fields of a block may come in any order.",
    ...standard.order,
    repair: "Keep what each line sets until the blank line, whichever comes first.",
    launchDarkly: ["basic parsing/fields in reverse order", "basic parsing/type and ID"],
    streams: [
      { input: "data: a\nid: 1\nevent: x\n\n", events: [event("a", { type: "x", lastEventId: "1" })] },
      {
        input: "data: a\nevent: x\ndata: b\nid: 1\ndata: c\n\n",
        events: [event("a\nb\nc", { type: "x", lastEventId: "1" })],
      },
    ],
  },
];
