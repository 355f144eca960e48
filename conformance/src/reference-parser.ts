import type { DispatchedEvent } from "@ssekit/codec";

/** What a reader notices while it parses, in order. */
export type ParserOutcome =
  /** An event was dispatched. */
  | { readonly kind: "event"; readonly event: DispatchedEvent }
  /** The stream set the reconnection time, in milliseconds. */
  | { readonly kind: "reconnection-time"; readonly milliseconds: number }
  /** The last event ID string changed. */
  | { readonly kind: "last-event-id"; readonly lastEventId: string }
  /** A comment line: the text after its colon, without one leading space, as of a field. */
  | { readonly kind: "comment"; readonly text: string };

/**
 * The reference model: parses a whole event stream, slowly and plainly, step by step as the standard says it (WHATWG
 * HTML 9.2.5 and 9.2.6). What a parser tells of the same bytes, cut anywhere, must be this.
 *
 * It leaves out what needs a document (`origin`, the task that fires the event), and tells what the standard keeps
 * silent about: comments, and when the last event ID string changes.
 *
 * @param bytes one stream from its first byte to its end.
 *
 * @example
 * ```ts
 * import { parseByReference } from "@ssekit/conformance";
 *
 * parseByReference(new TextEncoder().encode("data: Hello\n\n"));
 * // [{ kind: "event", event: { type: "message", data: "Hello", lastEventId: "" } }]
 * ```
 */
export function parseByReference(bytes: Uint8Array): ParserOutcome[] {
  const outcomes: ParserOutcome[] = [];

  // #event-stream-interpretation: decode the stream as UTF-8, which drops one BOM at its start.
  const text = new TextDecoder().decode(bytes);

  // #event-stream-interpretation: read it line by line; CRLF, an LF without a CR before it and a CR without an LF
  // after it each end a line.
  const lines = text.split(/\r\n|\n|\r/);

  // #event-stream-interpretation: what is pending at the end of the file is discarded. Here the line without an end;
  // a block without its blank line is left in the buffers.
  lines.pop();

  // #event-stream-interpretation: the stream has a data buffer, an event type buffer and a last event ID buffer,
  // each the empty string at first.
  let dataBuffer = "";
  let eventTypeBuffer = "";
  let lastEventIdBuffer = "";

  // #concept-event-stream-last-event-id: an event source's last event ID string is the empty string at first.
  let lastEventIdString = "";

  // #event-stream-interpretation: process the lines in their order.
  for (const line of lines) {
    if (line === "") {
      // An empty line: dispatch the event.
      dispatch();
    } else if (line.startsWith(":")) {
      // A line that starts with a colon: ignore it.
      outcomes.push({ kind: "comment", text: withoutLeadingSpace(line.slice(1)) });
    } else if (line.includes(":")) {
      // A line with a colon: what stands before the first one is the field, what stands after it is the value,
      // without the space that it may start with.
      const colon = line.indexOf(":");
      processField(line.slice(0, colon), withoutLeadingSpace(line.slice(colon + 1)));
    } else {
      // Any other line: all of it is the field, and the value is the empty string.
      processField(line, "");
    }
  }
  return outcomes;

  // #processField: names are compared literally, without case folding.
  function processField(field: string, value: string): void {
    if (field === "event") {
      // Set the event type buffer to the value.
      eventTypeBuffer = value;
    } else if (field === "data") {
      // Append the value to the data buffer, then append an LF to it.
      dataBuffer += value;
      dataBuffer += "\n";
    } else if (field === "id") {
      // If the value has no NULL, set the last event ID buffer to it; otherwise ignore the field.
      if (!value.includes("\0")) lastEventIdBuffer = value;
    } else if (field === "retry") {
      // If the value is ASCII digits alone, they are, in base ten, the new reconnection time; otherwise ignore the
      // field.
      if (/^[0-9]+$/.test(value))
        outcomes.push({ kind: "reconnection-time", milliseconds: Number.parseInt(value, 10) });
    } else {
      // Any other field is ignored.
    }
  }

  // #dispatchMessage
  function dispatch(): void {
    // 1. Set the last event ID string to the value of the last event ID buffer; the buffer stays as it is.
    if (lastEventIdString !== lastEventIdBuffer) {
      lastEventIdString = lastEventIdBuffer;
      outcomes.push({ kind: "last-event-id", lastEventId: lastEventIdString });
    }

    // 2. If the data buffer is the empty string, set it and the event type buffer to the empty string, and return.
    if (dataBuffer === "") {
      dataBuffer = "";
      eventTypeBuffer = "";
      return;
    }

    // 3. If the data buffer's last character is an LF, remove it.
    if (dataBuffer.endsWith("\n")) dataBuffer = dataBuffer.slice(0, -1);

    // 4. and 5. The event has the type message, the data of the data buffer and the last event ID string.
    let type = "message";
    const data = dataBuffer;
    const lastEventId = lastEventIdString;

    // 6. If the event type buffer is not the empty string, the event's type is that.
    if (eventTypeBuffer !== "") type = eventTypeBuffer;

    // 7. Set the data buffer and the event type buffer to the empty string.
    dataBuffer = "";
    eventTypeBuffer = "";

    // 8. Dispatch the event.
    outcomes.push({ kind: "event", event: { type, data, lastEventId } });
  }
}

function withoutLeadingSpace(value: string): string {
  return value.startsWith(" ") ? value.slice(1) : value;
}
