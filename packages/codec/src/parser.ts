import type { DispatchedEvent } from "./dispatched-event.ts";
import type { EventParser, ParserCallbacks, ParserOptions } from "./event-parser.ts";
import { EventStreamError } from "./event-stream-error.ts";
import { Fragments } from "./fragments.ts";
import { Utf8Decoder } from "./utf8-decoder.ts";

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * A slice of a string keeps the whole string in memory in V8 and JavaScriptCore. A chunk is therefore decoded in pieces
 * of at most this many units, so that no string that a callback keeps holds more of a chunk than that. Within one line
 * pieces grow, for a call of the decoder costs as much as decoding some KiB.
 */
const PIECE_LENGTH = 8192;

/**
 * Creates a parser of event streams, as WHATWG HTML 9.2.5 and 9.2.6 define it: bytes or strings in, cut anywhere,
 * callbacks out. It takes time linear in what it is fed, however that is cut.
 *
 * Where the standard lets the last event ID buffer begin empty in each stream, a new stream begins with the last event
 * ID of the one before it, as all browsers do.
 *
 * A string that a callback keeps holds at most 8192 characters of the stream in memory besides its own event.
 *
 * @throws {RangeError} If `maxEventBytes` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { createParser } from "@ssekit/codec";
 *
 * const parser = createParser({ onEvent: ({ type, data }) => console.log(type, data) });
 * parser.feed("event: greeting\nda");
 * parser.feed("ta: Hello\n\n"); // greeting Hello
 * ```
 */
export function createParser(callbacks: ParserCallbacks, options: ParserOptions = {}): EventParser {
  return new Parser(callbacks, options);
}

class Parser implements EventParser {
  readonly #onEvent: ParserCallbacks["onEvent"];
  readonly #onComment: ParserCallbacks["onComment"];
  readonly #onReconnectionTime: ParserCallbacks["onReconnectionTime"];
  readonly #onLastEventId: ParserCallbacks["onLastEventId"];
  readonly #onError: ParserCallbacks["onError"];
  readonly #maxEventBytes: number;

  // The standard's buffers. No `data` is its empty data buffer; else it is that buffer without the last LF.
  #data: string | undefined;
  #eventType = "";
  #lastEventIdBuffer: string;
  #lastEventId: string;

  // Where in the stream we are.
  #atStart = true;
  #afterCR = false;
  readonly #decoder = new Utf8Decoder();
  readonly #unfinishedLine = new Fragments();
  #pieceLength = PIECE_LENGTH;

  // The block that is being read: whether it has a field, and how much of it was fed.
  #hasField = false;
  #blockLength = 0;

  #stopped = false;
  #feeding = false;
  // Set by what a callback may do to the parser: the rest of the chunk must not be read.
  #abandoned = false;
  #errors: unknown[] = [];

  constructor(callbacks: ParserCallbacks, options: ParserOptions) {
    const { maxEventBytes, lastEventId = "" } = options;
    if (maxEventBytes !== undefined && !(Number.isSafeInteger(maxEventBytes) && maxEventBytes > 0)) {
      throw new RangeError(`Cannot create a parser: maxEventBytes is ${maxEventBytes}, give a whole number from 1`);
    }
    this.#maxEventBytes = maxEventBytes ?? Number.POSITIVE_INFINITY;
    this.#lastEventIdBuffer = this.#lastEventId = lastEventId;
    this.#onEvent = callbacks.onEvent;
    this.#onComment = callbacks.onComment;
    this.#onReconnectionTime = callbacks.onReconnectionTime;
    this.#onLastEventId = callbacks.onLastEventId;
    this.#onError = callbacks.onError;
  }

  get lastEventId(): string {
    return this.#lastEventId;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  feed(chunk: Uint8Array | string): void {
    if (this.#feeding) {
      throw new Error("Cannot feed a parser from inside its callback: feed it when the running call has returned");
    }
    if (typeof chunk !== "string" && !ArrayBuffer.isView(chunk)) {
      throw new TypeError(`Cannot feed a parser: the chunk is ${typeof chunk}, give a Uint8Array or a string`);
    }
    if (this.#stopped) return;
    this.#feeding = true;
    this.#abandoned = false;
    try {
      this.#feedPieces(chunk);
    } finally {
      this.#feeding = false;
    }
    if (this.#errors.length > 0) this.#throwErrors();
  }

  end(): void {
    this.#begin(this.#lastEventId);
  }

  reset(options: { lastEventId?: string | undefined } = {}): void {
    this.#begin(options.lastEventId ?? "");
    this.#stopped = false;
  }

  stop(): void {
    this.#begin(this.#lastEventId);
    this.#stopped = true;
  }

  /** Begins a stream. */
  #begin(lastEventId: string): void {
    this.#lastEventIdBuffer = this.#lastEventId = lastEventId;
    this.#data = undefined;
    this.#eventType = "";
    this.#atStart = true;
    this.#afterCR = false;
    this.#decoder.flush();
    this.#unfinishedLine.take();
    this.#pieceLength = PIECE_LENGTH;
    this.#hasField = false;
    this.#blockLength = 0;
    this.#abandoned = true;
  }

  /**
   * Cuts the chunk so that no piece is longer than its block may still become: the limit is exact however the stream is
   * cut, and costs nothing at each line.
   */
  #feedPieces(chunk: Uint8Array | string): void {
    for (let at = 0, end = 0; at < chunk.length && !this.#abandoned; at = end) {
      let room = this.#maxEventBytes - this.#blockLength;
      if (room <= 0) {
        // At the start the decoder may hold part of a BOM, which belongs to no event.
        if (!this.#atStart) {
          this.#refuse();
          return;
        }
        room = 1;
      }
      end = Math.min(at + room, at + this.#pieceLength, chunk.length);
      if (end - at === chunk.length) this.#feedPiece(chunk);
      else this.#feedPiece(typeof chunk === "string" ? copySlice(chunk, at, end) : chunk.subarray(at, end));
    }
  }

  #feedPiece(piece: Uint8Array | string): void {
    let text = typeof piece === "string" ? this.#decoder.flush() + piece : this.#decoder.decode(piece);
    if (this.#atStart && text !== "") {
      this.#atStart = false;
      // "one leading U+FEFF BYTE ORDER MARK character ... if any are present" (#parsing-an-event-stream)
      if (text.charCodeAt(0) === BYTE_ORDER_MARK) {
        text = text.slice(1);
        this.#blockLength -= typeof piece === "string" ? 1 : 3;
      }
    }
    const blockStart = this.#readText(text);
    if (this.#abandoned) return;
    if (blockStart === -1) this.#blockLength += piece.length;
    else if (typeof piece === "string") this.#blockLength = text.length - blockStart;
    else if (this.#maxEventBytes < Number.POSITIVE_INFINITY) this.#blockLength = bytesFrom(piece, text, blockStart);
  }

  /** Returns where in the text the unfinished block begins, or -1 if it began before. */
  #readText(text: string): number {
    if (text.indexOf("\n") === -1 && text.indexOf("\r") === -1) {
      if (text !== "") {
        this.#afterCR = false;
        this.#unfinishedLine.push(text);
        this.#pieceLength *= 2;
      }
      return -1;
    }
    this.#pieceLength = PIECE_LENGTH;
    if (text.length <= PIECE_LENGTH) return this.#readLines(text);
    // The end of a long line, whose last piece has grown: what follows the line must not hold all of it in memory.
    let blockStart = -1;
    for (let at = 0; at < text.length && !this.#abandoned; at += PIECE_LENGTH) {
      const start = this.#readLines(copySlice(text, at, at + PIECE_LENGTH));
      if (start !== -1) blockStart = at + start;
    }
    return blockStart;
  }

  /** Reads text that has a line end, and returns as `#readText` does. */
  #readLines(text: string): number {
    const length = text.length;
    let blockStart = -1;
    let at = 0;
    if (this.#afterCR) {
      this.#afterCR = false;
      if (text.charCodeAt(0) === LF) {
        at = 1;
        if (!this.#hasField) blockStart = 1;
      }
    }
    let cr = indexOrLength(text, "\r", at);
    while (at < length) {
      const first = text.charCodeAt(at);
      // "end-of-line = ( cr lf / cr / lf )": the nearer of the next LF and the next CR (#parsing-an-event-stream).
      let end = at;
      if (first !== LF && first !== CR) {
        end = indexOrLength(text, "\n", at);
        if (cr < end) end = cr;
        if (end === length) {
          this.#unfinishedLine.push(at === 0 ? text : text.slice(at));
          break;
        }
      }
      let next = end + 1;
      if (end === cr) {
        if (next === length) this.#afterCR = true;
        else if (text.charCodeAt(next) === LF) next++;
        cr = indexOrLength(text, "\r", next);
      }

      if (!this.#unfinishedLine.isEmpty) {
        this.#unfinishedLine.push(text.slice(at, end));
        this.#interpretLine(this.#unfinishedLine.take());
      } else if (isData(text, at, first)) {
        const value = text.slice(text.charCodeAt(at + 5) === SPACE ? at + 6 : at + 5, end);
        this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
        this.#hasField = true;
      } else if (end === at) {
        this.#dispatch();
      } else {
        this.#interpretLine(text.slice(at, end));
      }

      if (this.#abandoned) return -1;
      at = next;
      if (!this.#hasField) blockStart = next;
    }
    return blockStart;
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
  #interpretLine(line: string): void {
    // "If the line is empty (a blank line): Dispatch the event, as defined below."
    if (line === "") {
      this.#dispatch();
      return;
    }
    // "If the line starts with a U+003A COLON character (:): Ignore the line."
    if (line.charCodeAt(0) === COLON) {
      if (this.#onComment !== undefined) this.#call(this.#onComment, valueAfter(line, 0));
      return;
    }
    this.#hasField = true;
    const colon = line.indexOf(":");
    // "Otherwise, the string is not empty but does not contain a U+003A COLON character (:): Process the field ...
    // using the whole line as the field name, and the empty string as the field value."
    if (colon === -1) this.#processField(line, "");
    // "Collect the characters on the line before the first U+003A COLON character (:), and let field be that string."
    else this.#processField(line.slice(0, colon), valueAfter(line, colon));
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#processField */
  #processField(field: string, value: string): void {
    switch (field) {
      case "event":
        // "Set the event type buffer to field value."
        this.#eventType = value;
        break;
      case "data":
        // "Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character".
        this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
        break;
      case "id":
        // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value.
        // Otherwise, ignore the field."
        if (!value.includes("\0")) this.#lastEventIdBuffer = value;
        break;
      case "retry":
        // "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten,
        // and set the event stream's reconnection time to that integer. Otherwise, ignore the field."
        if (this.#onReconnectionTime !== undefined && /^[0-9]+$/.test(value)) {
          this.#call(this.#onReconnectionTime, Number(value));
        }
        break;
      // "Otherwise: The field is ignored."
    }
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage */
  #dispatch(): void {
    const type = this.#eventType;
    const data = this.#data;
    // Cleared before any callback, so that one that throws leaks nothing into the next event.
    this.#eventType = "";
    this.#data = undefined;
    this.#hasField = false;
    // "Set the last event ID string of the event source to the value of the last event ID buffer."
    if (this.#lastEventId !== this.#lastEventIdBuffer) {
      this.#lastEventId = this.#lastEventIdBuffer;
      if (this.#onLastEventId !== undefined) this.#call(this.#onLastEventId, this.#lastEventId);
    }
    // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
    // return."
    if (data === undefined || this.#onEvent === undefined || this.#abandoned) return;
    // "If the event type buffer has a value other than the empty string, change the type of the newly created event to
    // equal the value of the event type buffer."
    const event: DispatchedEvent = { type: type === "" ? "message" : type, data, lastEventId: this.#lastEventId };
    try {
      this.#onEvent(event);
    } catch (error) {
      this.#errors.push(error);
    }
  }

  #refuse(): void {
    const message = `Cannot parse an event larger than ${this.#maxEventBytes}: raise maxEventBytes or reset the parser`;
    this.stop();
    if (this.#onError !== undefined) this.#call(this.#onError, new EventStreamError("event-too-large", message));
  }

  #call<T>(callback: (value: T) => void, value: T): void {
    try {
      callback(value);
    } catch (error) {
      this.#errors.push(error);
    }
  }

  #throwErrors(): never {
    const errors = this.#errors;
    this.#errors = [];
    if (errors.length === 1) throw errors[0];
    throw new AggregateError(errors, `Cannot deliver all events: callbacks threw ${errors.length} errors`);
  }
}

/** Whether the line that begins there with the given code is a `data` field with a colon. */
function isData(text: string, at: number, first: number): boolean {
  return (
    first === 0x64 &&
    text.charCodeAt(at + 1) === 0x61 &&
    text.charCodeAt(at + 2) === 0x74 &&
    text.charCodeAt(at + 3) === 0x61 &&
    text.charCodeAt(at + 4) === COLON
  );
}

/** "If value starts with a U+0020 SPACE character, remove it from value." */
function valueAfter(line: string, colon: number): string {
  return line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1);
}

function indexOrLength(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index === -1 ? text.length : index;
}

/** A slice that shares no memory with the text: slicing makes an engine flatten the concatenation first. */
function copySlice(text: string, start: number, end: number): string {
  return ` ${text.slice(start, end)}`.slice(1);
}

/** How many of the bytes came from the given index of their text on, which is 0 or follows a line end. */
function bytesFrom(bytes: Uint8Array, text: string, from: number): number {
  // Line ends are single bytes, the same in bytes and text, whatever was decoded between them.
  let lineEnds = 0;
  for (let i = from; i < text.length; i++) if (isLineEnd(text.charCodeAt(i))) lineEnds++;
  let at = bytes.length;
  while (at > 0 && (!isLineEnd(bytes[at - 1] as number) || lineEnds-- > 0)) at--;
  return bytes.length - at;
}

function isLineEnd(code: number): boolean {
  return code === LF || code === CR;
}
