import { standard } from "../../standard.ts";
import { event, type ParserCaseData } from "../parser-case.ts";

/** RULES A33: the reconnection time; asked only of parsers that tell it. */
export const retryCases: readonly ParserCaseData[] = [
  {
    id: "parse/retry/sets-the-time",
    rule: "The retry field sets the reconnection time in milliseconds.",
    ...standard.retryField,
    repair: "Tell the reconnection time whenever a retry field sets it.",
    wpt: ["format-field-retry.any.js"],
    streams: [
      { input: "retry: 3000\ndata: a\n\n", events: [event("a")], reconnectionTime: 3000 },
      { input: "data: a\n\n", events: [event("a")], reconnectionTime: null },
    ],
  },
  {
    id: "parse/retry/holds-at-once",
    rule: "The reconnection time is set by its line, and waits for no blank line.",
    ...standard.retryField,
    repair: "Set it when the line is read: a stream that is cut before the blank line is when it is needed.",
    streams: [{ input: "retry: 10\n", events: [], reconnectionTime: 10 }],
  },
  {
    id: "parse/retry/digits-alone",
    rule: "A value that is not ASCII digits alone is ignored.",
    ...standard.retryField,
    repair: "Test the value with /^[0-9]+$/ before it is parsed: parseInt() takes 10x, and Number() takes 1e3.",
    wpt: ["format-field-retry-bogus.any.js"],
    streams: ["1000x", "x1000", "-1", "+1", "1.5", "1e3", "0x10", " 1", "1 ", "1_000", "٣", "Infinity"].map(
      (value) => ({
        input: `retry: ${value}\ndata: a\n\n`,
        events: [event("a")],
        reconnectionTime: null,
      }),
    ),
  },
  {
    id: "parse/retry/bogus-leaves-the-old",
    rule: "A value that is ignored leaves the reconnection time as it was.",
    ...standard.retryField,
    repair: "Ignore the field as a whole, instead of going back to a default.",
    wpt: ["format-field-retry-bogus.any.js"],
    streams: [{ input: "retry: 5\nretry: x\nretry\ndata: a\n\n", events: [event("a")], reconnectionTime: 5 }],
  },
  {
    id: "parse/retry/empty",
    rule: "A retry field without a value is ignored.",
    ...standard.retryField,
    repair: 'Take the empty string for no number: Number("") is 0.',
    wpt: ["format-field-retry-empty.any.js"],
    streams: ["retry\n", "retry:\n", "retry: \n"].map((line) => ({
      input: `${line}data: a\n\n`,
      events: [event("a")],
      reconnectionTime: null,
    })),
  },
  {
    id: "parse/retry/base-ten",
    rule: "The digits are read in base ten, also after leading zeros.",
    ...standard.retryField,
    repair: "Parse with base 10.",
    wpt: ["format-field-retry.any.js"],
    streams: [
      { input: "retry: 03000\ndata: a\n\n", events: [event("a")], reconnectionTime: 3000 },
      { input: "retry: 010\ndata: a\n\n", events: [event("a")], reconnectionTime: 10 },
    ],
  },
  {
    id: "parse/retry/zero",
    rule: "Zero is a reconnection time.",
    ...standard.retryField,
    repair: "Don't test whether the number is truthy; a client may still wait a little longer.",
    streams: [{ input: "retry: 3000\nretry: 0\ndata: a\n\n", events: [event("a")], reconnectionTime: 0 }],
  },
  {
    id: "parse/retry/last-one-holds",
    rule: "Each retry field sets the time anew, in one block too.",
    ...standard.retryField,
    repair: "Take each one as it comes.",
    streams: [
      { input: "retry: 1\nretry: 2\ndata: a\n\n", events: [event("a")], reconnectionTime: 2 },
      { input: "retry: 1\ndata: a\n\nretry: 2\ndata: b\n\n", events: [event("a"), event("b")], reconnectionTime: 2 },
    ],
  },
];
