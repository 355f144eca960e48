import { resetLastEventId, type ServerSentEvent } from "./server-sent-event.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Writes one event as a block of an event stream (WHATWG HTML 9.2.5), which ends with its blank line.
 *
 * CR, LF and CRLF in `data` and `comment` start a new line of that field, so a reader gets them as LF; leading spaces
 * and trailing line ends arrive. `id` is the last field, so that a reader cut inside the block can't resume after it.
 * A lone surrogate stays in the string, and becomes U+FFFD when that is encoded as UTF-8, as everywhere on the web.
 *
 * @param event at least one field; `data` is text, for JSON belongs to the server and the hub.
 * @returns the lines, each ended by LF.
 * @throws {TypeError} for what a reader would not get as it was meant: CR or LF in `event` or `id`, NUL in `id`, an
 * empty `event` or `id`, `event` without `data`, a value of the wrong type, a field that does not exist, or no field.
 * @throws {RangeError} when `retry` is not a whole number from 0 to `Number.MAX_SAFE_INTEGER`.
 *
 * @example
 * ```ts
 * import { stringifyEvent } from "@ssekit/codec";
 *
 * stringifyEvent({ event: "update", data: "two\nlines", id: "7" });
 * // "event: update\ndata: two\ndata: lines\nid: 7\n\n"
 * ```
 */
export function stringifyEvent(event: ServerSentEvent): string {
  for (const name in event) if (!isField(name)) throw unknownField(name);
  const { event: type, data, id, retry, comment } = event;
  if (data === undefined) return stringifyWithoutData(event);

  // Few pieces and few joins, for each join costs as much as a check.
  const start = type === undefined ? "data: " : `event: ${lineOf("event", type)}\ndata: `;
  const text = linesOf("data", data, "\ndata: ");
  const block = id === undefined ? `${start}${text}\n\n` : `${start}${text}\nid: ${idValueOf(id)}\n\n`;
  return retry === undefined && comment === undefined ? block : leadingLines(event) + block;
}

function stringifyWithoutData(event: ServerSentEvent): string {
  const { event: type, id } = event;
  if (type !== undefined) throw neverFires(type);
  const block = leadingLines(event) + (id === undefined ? "" : `id: ${idValueOf(id)}\n`);
  if (block === "") throw noField();
  return `${block}\n`;
}

/** The fields that concern the stream and not the event. */
function leadingLines({ retry, comment }: ServerSentEvent): string {
  const lines = comment === undefined ? "" : `: ${linesOf("comment", comment, "\n: ")}\n`;
  return retry === undefined ? lines : `${lines}retry: ${wholeNumberOf(retry)}\n`;
}

function idValueOf(id: string | typeof resetLastEventId): string {
  return id === resetLastEventId ? "" : lineOf("id", id);
}

function isField(name: string): boolean {
  return name === "data" || name === "event" || name === "id" || name === "retry" || name === "comment";
}

/** Text of any number of lines, where `separator` stands for each line end in it. */
function linesOf(field: "data" | "comment", text: string, separator: string): string {
  if (typeof text !== "string") throw wrongType(field, text);
  // Two native searches cost less than one regular expression, and most text is one line.
  if (!text.includes("\n") && !text.includes("\r")) return text;
  return text.replace(/\r\n?|\n/g, separator);
}

/** Text of one line; NUL is illegal in an id alone, for readers ignore such an id (RULES B2). */
function lineOf(field: "event" | "id", text: string): string {
  if (typeof text !== "string") throw wrongType(field, text);
  if (text === "") throw emptyText(field);
  // These are short, so that one loop costs half of three native searches.
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LF || code === CR || (code === 0 && field === "id")) throw badCharacter(field, text, i);
  }
  return text;
}

function wholeNumberOf(retry: number): number {
  if (typeof retry !== "number") throw wrongType("retry", retry);
  if (!Number.isSafeInteger(retry) || retry < 0) throw badRetry(retry);
  return retry;
}

// The errors are made apart from the checks, which stay small enough to be inlined.

function unknownField(name: string): TypeError {
  return new TypeError(
    `Cannot encode the field ${quote(name)}: an event has event, data, id, retry and comment; remove it`,
  );
}

function noField(): TypeError {
  return new TypeError("Cannot encode an event without any field: give it data, or a comment, retry or id");
}

function neverFires(type: string): TypeError {
  return new TypeError(
    `Cannot encode event ${quote(type)} without data: it would never fire; give it data, which may be ""`,
  );
}

function wrongType(field: keyof ServerSentEvent, value: unknown): TypeError {
  const hint = {
    data: "give a string, such as the JSON of the value",
    comment: "give a string",
    event: "give a string, or leave it out",
    id: "give a string, or resetLastEventId",
    retry: "give a number of milliseconds",
  }[field];
  return new TypeError(`Cannot encode ${field} ${value === null ? "null" : `of type ${typeof value}`}: ${hint}`);
}

function emptyText(field: "event" | "id"): TypeError {
  const instead = field === "id" ? "leave it out, or say resetLastEventId to reset the reader's" : "leave it out";
  return new TypeError(`Cannot encode ${field} "": it would mean to have none; ${instead}`);
}

function badCharacter(field: "event" | "id", text: string, index: number): TypeError {
  const code = text.charCodeAt(index);
  const why = code === 0 ? "makes readers ignore the id" : "would end the line";
  const name = code === 0 ? "NUL" : code === CR ? "CR" : "LF";
  return new TypeError(`Cannot encode ${field} ${quote(text)}: ${name} at index ${index} ${why}; remove it`);
}

function badRetry(retry: number): RangeError {
  return new RangeError(`Cannot encode retry ${retry}: give a whole number of milliseconds, at least 0`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
