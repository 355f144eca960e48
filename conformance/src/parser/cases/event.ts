import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A31, A37 and A40: the event type. */
export const eventCases: readonly ParserCaseData[] = [
  {
    id: "parse/event/sets-the-type",
    rule: "The event field names the type of the event.",
    ...standard.eventType,
    repair: "Give the event the value of its event field as its type.",
    wpt: ["format-field-event.any.js"],
    launchDarkly: ["basic parsing/event with specific type"],
    streams: [{ input: "event: greeting\ndata: a\n\n", events: [event("a", { type: "greeting" })] }],
  },
  {
    id: "parse/event/last-one-holds",
    rule: "Of several event fields in a block the last one holds.",
    ...standard.eventField,
    repair: "Set the type at each event field; don't keep the first, and don't join them.",
    streams: [{ input: "event: a\nevent: b\ndata: c\n\n", events: [event("c", { type: "b" })] }],
  },
  {
    id: "parse/event/empty-is-message",
    rule: "An empty event field leaves the type message, and takes back an earlier one.",
    ...standard.eventType,
    repair: "Treat an empty type as none: the event is a message.",
    wpt: ["format-field-event-empty.any.js"],
    streams: [
      { input: "event: \ndata: a\n\n", events: [event("a")] },
      { input: "event: x\nevent:\ndata: b\n\n", events: [event("b")] },
    ],
  },
  {
    id: "parse/event/ends-with-its-block",
    rule: "The type holds for its own block alone.",
    ...standard.clearing,
    repair: "Empty the event type buffer when an event is dispatched.",
    streams: [{ input: "event: x\ndata: a\n\ndata: b\n\n", events: [event("a", { type: "x" }), event("b")] }],
  },
  {
    id: "parse/event/ends-without-data",
    rule: "The type of a block without data is forgotten at its blank line.",
    ...standard.emptyData,
    repair: "Empty the event type buffer at each blank line, also where no event is dispatched.",
    streams: [{ input: "event: x\n\ndata: a\n\n", events: [event("a")] }],
  },
  {
    id: "parse/event/any-name",
    rule: "Any text is a type, also open, error and message.",
    ...standard.eventType,
    repair: "Don't keep names for your own use: give each event under the type that it has.",
    streams: [
      {
        input: "event: error\ndata: a\n\nevent: open\ndata: b\n\nevent: message\ndata: c\n\nevent: a b\ndata: d\n\n",
        events: [event("a", { type: "error" }), event("b", { type: "open" }), event("c"), event("d", { type: "a b" })],
      },
    ],
  },
];
