import type { Sentence } from "./case.ts";

const parsing = "parsing-an-event-stream";
const interpretation = "event-stream-interpretation";
const processing = "processField";
const dispatching = "dispatchMessage";

type SentenceName =
  | "encoding"
  | "decoding"
  | "byteOrderMark"
  | "separators"
  | "lineEnds"
  | "buffers"
  | "order"
  | "blankLine"
  | "comment"
  | "firstColon"
  | "leadingSpace"
  | "noColon"
  | "endOfFile"
  | "names"
  | "eventField"
  | "dataField"
  | "idField"
  | "retryField"
  | "otherField"
  | "lastEventId"
  | "emptyData"
  | "trailingLineFeed"
  | "eventType"
  | "clearing";

/** What WHATWG HTML 9.2.5 and 9.2.6 say of event streams. */
export const standard: Readonly<Record<SentenceName, Sentence>> = {
  encoding: { anchor: parsing, quote: "Event streams in this format must always be encoded as UTF-8." },
  decoding: { anchor: interpretation, quote: "Streams must be decoded using the UTF-8 decode algorithm." },
  byteOrderMark: {
    anchor: interpretation,
    quote: "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any.",
  },
  separators: {
    anchor: parsing,
    quote:
      "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character.",
  },
  lineEnds: {
    anchor: interpretation,
    quote:
      "The stream must then be parsed by reading everything line by line, with a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character not preceded by a U+000D CARRIAGE RETURN (CR) character, and a single U+000D CARRIAGE RETURN (CR) character not followed by a U+000A LINE FEED (LF) character being the ways in which a line can end.",
  },
  buffers: {
    anchor: interpretation,
    quote:
      "When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated with it. They must be initialized to the empty string.",
  },
  order: {
    anchor: interpretation,
    quote: "Lines must be processed, in the order they are received, as follows:",
  },
  blankLine: {
    anchor: interpretation,
    quote: "If the line is empty (a blank line): Dispatch the event, as defined below.",
  },
  comment: {
    anchor: interpretation,
    quote: "If the line starts with a U+003A COLON character (:): Ignore the line.",
  },
  firstColon: {
    anchor: interpretation,
    quote:
      "Collect the characters on the line before the first U+003A COLON character (:), and let field be that string. Collect the characters on the line after the first U+003A COLON character (:), and let value be that string.",
  },
  leadingSpace: {
    anchor: interpretation,
    quote: "If value starts with a U+0020 SPACE character, remove it from value.",
  },
  noColon: {
    anchor: interpretation,
    quote:
      "Otherwise, the string is not empty but does not contain a U+003A COLON character (:): Process the field using the steps described below, using the whole line as the field name, and the empty string as the field value.",
  },
  endOfFile: {
    anchor: interpretation,
    quote:
      "Once the end of the file is reached, any pending data must be discarded. (If the file ends in the middle of an event, before the final empty line, the incomplete event is not dispatched.)",
  },
  names: {
    anchor: processing,
    quote: "Field names must be compared literally, with no case folding performed.",
  },
  eventField: { anchor: processing, quote: "Set the event type buffer to the field value." },
  dataField: {
    anchor: processing,
    quote:
      "Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character to the data buffer.",
  },
  idField: {
    anchor: processing,
    quote:
      "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value. Otherwise, ignore the field.",
  },
  retryField: {
    anchor: processing,
    quote:
      "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten, and set the event stream's reconnection time to that integer. Otherwise, ignore the field.",
  },
  otherField: { anchor: processing, quote: "Otherwise: The field is ignored." },
  lastEventId: {
    anchor: dispatching,
    quote:
      "Set the last event ID string of the event source to the value of the last event ID buffer. The buffer does not get reset, so the last event ID string of the event source remains set to this value until the next time it is set by the server.",
  },
  emptyData: {
    anchor: dispatching,
    quote:
      "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and return.",
  },
  trailingLineFeed: {
    anchor: dispatching,
    quote:
      "If the data buffer's last character is a U+000A LINE FEED (LF) character, then remove the last character from the data buffer.",
  },
  eventType: {
    anchor: dispatching,
    quote:
      "If the event type buffer has a value other than the empty string, change the type of the newly created event to equal the value of the event type buffer.",
  },
  clearing: { anchor: dispatching, quote: "Set the data buffer and the event type buffer to the empty string." },
};
