import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A32, A35, A37 and A39: the last event ID. */
export const idCases: readonly ParserCaseData[] = [
  {
    id: "parse/id/sets-the-last-event-id",
    rule: "The id field sets the last event ID that its event tells.",
    ...standard.lastEventId,
    repair: "Give each event the last event ID.",
    wpt: ["format-field-id.any.js"],
    launchDarkly: ["basic parsing/event with ID"],
    streams: [{ input: "id: 1\ndata: a\n\nid: 2\ndata: b\n\n", events: [withId("a", "1"), withId("b", "2")] }],
  },
  {
    id: "parse/id/persists",
    rule: "The last event ID persists over events that have no id.",
    ...standard.lastEventId,
    repair: "Keep the last event ID over blocks: it is the stream's, not the event's.",
    wpt: ["format-field-id-2.any.js", "format-field-id-3.window.js"],
    launchDarkly: ["basic parsing/last ID persists"],
    streams: [
      { input: "data: a\n\nid: 1\ndata: b\n\ndata: c\n\n", events: [event("a"), withId("b", "1"), withId("c", "1")] },
    ],
  },
  {
    id: "parse/id/empty-resets",
    rule: "An empty id resets the last event ID.",
    ...standard.idField,
    repair: "Set the last event ID also to the empty string: don't test whether the value is truthy.",
    wpt: ["format-field-id-3.window.js"],
    launchDarkly: ["basic parsing/last ID overridden by empty"],
    streams: [
      { input: "id: 1\ndata: a\n\nid:\ndata: b\n\ndata: c\n\n", events: [withId("a", "1"), event("b"), event("c")] },
      { input: "id: 1\ndata: a\n\nid\ndata: b\n\n", events: [withId("a", "1"), event("b")] },
    ],
  },
  {
    id: "parse/id/null-is-ignored",
    rule: "An id with U+0000 is ignored, and the old one stays.",
    ...standard.idField,
    repair: "Look for U+0000 in the value, and then leave the last event ID as it is.",
    wpt: ["format-field-id-null.window.js"],
    launchDarkly: ["basic parsing/ID with a null ignored"],
    streams: [
      { input: "id: 1\0\ndata: a\n\n", events: [event("a")] },
      {
        input: "id: 1\ndata: a\n\nid: \0\ndata: b\n\nid: 2\0x\ndata: c\n\n",
        events: ["a", "b", "c"].map((data) => withId(data, "1")),
      },
    ],
  },
  {
    id: "parse/id/last-one-holds",
    rule: "Of several id fields in a block the last one holds.",
    ...standard.idField,
    repair: "Set the buffer at each id field.",
    streams: [{ input: "id: 1\nid: 2\ndata: a\n\n", events: [withId("a", "2")] }],
  },
  {
    id: "parse/id/without-data",
    rule: "The id of a block without data counts: later events tell it.",
    ...standard.lastEventId,
    repair: "Set the last event ID at each blank line, before the data is looked at.",
    wpt: ["format-field-id-3.window.js"],
    streams: [{ input: "id: 1\n\ndata: a\n\nid:\n\ndata: b\n\n", events: [withId("a", "1"), event("b")] }],
  },
  {
    id: "parse/id/any-text",
    rule: "An id is any text, kept as it is.",
    ...standard.idField,
    repair: "Don't parse it as a number, and don't trim it.",
    wpt: ["format-field-id.any.js"],
    streams: [
      { input: "id: 007\ndata: a\n\nid: … é \ndata: b\n\n", events: [withId("a", "007"), withId("b", "… é ")] },
    ],
  },
];

function withId(data: string, lastEventId: string): ReturnType<typeof event> {
  return event(data, { lastEventId });
}
