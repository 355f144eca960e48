import { bytesFrom, isLineEnd } from "./bytes-from.ts";
import type { EventParser, ParserCallbacks, ParserOptions } from "./event-parser.ts";
import { EventStreamError } from "./event-stream-error.ts";

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Chunks are read in pieces of at most this many bytes or code units. A slice of a string keeps all of that string in
 * memory, in V8 and in JavaScriptCore, so a piece is what a string that a callback keeps holds in the worst case. Copying
 * each string instead takes twice the time, smaller pieces some percent more; two of these hold 16 KiB, as most do.
 */
const PIECE_LENGTH = 8448;
/** How far from its end a piece may be cut so as not to cut a block, which costs as much as several whole ones. */
const CUT_RANGE = 256;
/** How many single bytes are collected before they are decoded. */
const COLLECTED_LENGTH = 256;

const STREAM = { stream: true };

/**
 * Creates a parser of event streams, as WHATWG HTML 9.2.5 and 9.2.6 define it: bytes or strings in, cut anywhere,
 * callbacks out. It takes time linear in what it is fed, however that is cut.
 *
 * Where the standard lets the last event ID buffer begin empty in each stream, a new stream begins with the last event
 * ID of the one before it, as in browsers. Where a callback keeps a string, at most 8448 characters of the stream before
 * and after its event stay in memory with it, however large the chunk was.
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
  readonly #callbacks: ParserCallbacks;
  readonly #onEvent: ParserCallbacks["onEvent"];
  readonly #onComment: ParserCallbacks["onComment"];
  readonly #maxEventBytes: number;

  // The standard's buffers, without the LF that ends the data buffer: `undefined` is the empty data buffer, and an event
  // ID buffer that has not changed since the last blank line. The beginning of a long data buffer stands apart.
  #flatData = "";
  #data: string | undefined;
  #eventType = "";
  #idBuffer: string | undefined;
  #lastEventId: string;

  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // Whether the decoder may hold the beginning of a character.
  #holding = false;
  #atStart = true;
  #afterCR = false;
  // The unfinished line, without the single bytes that were collected. Engines join strings when they are first read, so
  // that adding to it takes constant time.
  #line = "";
  readonly #collected = new Uint8Array(COLLECTED_LENGTH);
  #collectedLength = 0;
  // The block that is being read: whether it has a field, and how much of it was fed.
  #hasField = false;
  #blockLength = 0;

  #stopped = false;
  #feeding = false;
  // Whether a callback has stopped, reset or ended the parser: the rest of the chunk must not be read.
  #abandoned = false;
  #errors: unknown[] = [];

  constructor(
    callbacks: ParserCallbacks,
    { maxEventBytes = Number.MAX_SAFE_INTEGER, lastEventId = "" }: ParserOptions,
  ) {
    if (!Number.isSafeInteger(maxEventBytes) || maxEventBytes < 1) {
      throw new RangeError(`Cannot limit events to ${maxEventBytes}: give a whole number from 1`);
    }
    this.#callbacks = callbacks;
    this.#onEvent = callbacks.onEvent;
    this.#onComment = callbacks.onComment;
    this.#maxEventBytes = maxEventBytes;
    this.#lastEventId = lastEventId;
  }

  get lastEventId(): string {
    return this.#lastEventId;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  feed(chunk: Uint8Array | string): void {
    if (this.#feeding) throw new Error("Cannot feed a parser from inside its callback: feed it after that");
    if (typeof chunk !== "string" && !ArrayBuffer.isView(chunk)) {
      throw new TypeError(`Cannot feed a parser ${typeof chunk}: give a Uint8Array or string`);
    }
    if (this.#stopped || this.#collect(chunk)) return;
    this.#feeding = true;
    this.#abandoned = false;
    try {
      this.#feedPieces(chunk);
    } finally {
      this.#feeding = false;
    }
    const errors = this.#errors;
    if (errors.length === 0) return;
    this.#errors = [];
    throw errors.length === 1
      ? errors[0]
      : new AggregateError(errors, `Cannot deliver all events: ${errors.length} callbacks threw`);
  }

  end(): void {
    this.#begin(this.#lastEventId, this.#stopped);
  }

  stop(): void {
    this.#begin(this.#lastEventId, true);
  }

  reset(options?: { lastEventId?: string | undefined }): void {
    this.#begin(options?.lastEventId ?? "", false);
  }

  #begin(lastEventId: string, stopped: boolean): void {
    this.#data = this.#idBuffer = undefined;
    this.#flatData = this.#eventType = "";
    this.#lastEventId = lastEventId;
    this.#decoder.decode();
    this.#holding = this.#afterCR = this.#hasField = false;
    this.#atStart = this.#abandoned = true;
    this.#line = "";
    this.#blockLength = this.#collectedLength = 0;
    this.#stopped = stopped;
  }

  /**
   * Fast path for streams that come byte by byte: to collect ASCII within a line takes a fifth of the time that a call of
   * the decoder takes.
   */
  #collect(chunk: Uint8Array | string): boolean {
    if (typeof chunk === "string" || chunk.length !== 1 || this.#atStart) return false;
    if (this.#blockLength >= this.#maxEventBytes || this.#collectedLength === COLLECTED_LENGTH) return false;
    const byte = chunk[0] as number;
    if (byte >= 0x80 || isLineEnd(byte)) return false;
    this.#collected[this.#collectedLength++] = byte;
    this.#blockLength++;
    this.#afterCR = false;
    return true;
  }

  /**
   * Cuts the chunk into pieces that are no longer than their block may still become, so that the limit is exact however
   * the stream is cut, and costs nothing at each line.
   */
  #feedPieces(chunk: Uint8Array | string): void {
    for (let at = 0, end = 0; at < chunk.length && !this.#abandoned; at = end) {
      const room = this.#maxEventBytes - this.#blockLength;
      // At the start the decoder may hold part of a BOM, which belongs to no event.
      if (room <= 0 && !this.#atStart) {
        this.#refuse();
        return;
      }
      end = Math.min(at + Math.max(room, 1), chunk.length);
      if (end > at + PIECE_LENGTH) {
        end = at + PIECE_LENGTH;
        const least = end - CUT_RANGE;
        while (end > least && (chunk[end - 1] !== LF || chunk[end - 2] !== LF)) end--;
      }
      if (end - at === chunk.length) this.#feedPiece(chunk);
      else this.#feedPiece(typeof chunk === "string" ? copySlice(chunk, at, end) : chunk.subarray(at, end));
    }
  }

  #feedPiece(piece: Uint8Array | string): void {
    if (this.#collectedLength > 0) {
      this.#line += this.#decoder.decode(this.#collected.subarray(0, this.#collectedLength));
      this.#collectedLength = 0;
    }
    const held = this.#holding;
    this.#holding = typeof piece !== "string" && (piece[piece.length - 1] as number) > 0x7f;
    let text: string;
    if (typeof piece === "string") text = held ? this.#decoder.decode() + piece : piece;
    // The line ends of streams that come byte by byte.
    else if (piece[0] === LF && piece.length === 1 && !held) text = "\n";
    // Without `stream` a decoder is faster, and gives the same where no character is cut.
    else text = this.#decoder.decode(piece, this.#holding ? STREAM : undefined);
    if (this.#atStart && text !== "") {
      this.#atStart = false;
      // "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any." (#parsing-an-event-stream)
      if (text.charCodeAt(0) === BYTE_ORDER_MARK) {
        text = text.slice(1);
        this.#blockLength -= typeof piece === "string" ? 1 : 3;
      }
    }
    const blockStart = this.#readText(text);
    if (this.#abandoned) return;
    const isText = typeof piece === "string" || (text.length === piece.length && !held && !this.#holding);
    if (blockStart === 0) this.#blockLength += piece.length;
    else this.#blockLength = isText ? text.length - blockStart : bytesFrom(piece as Uint8Array, text, blockStart);
  }

  /** Returns where in the text the unfinished block begins, 0 if it began before. */
  #readText(text: string): number {
    const length = text.length;
    let blockStart = 0;
    let at = 0;
    if (this.#afterCR && text.charCodeAt(0) === LF) {
      at = 1;
      if (!this.#hasField) blockStart = 1;
    }
    let unfinished = this.#line !== "";
    // Where the next CR and the next NUL are, once it was searched.
    let cr = -1;
    let nul = -1;
    while (at < length) {
      const first = text.charCodeAt(at);
      // "end-of-line = ( cr lf / cr / lf )": the nearer of the next LF and the next CR (#parsing-an-event-stream).
      let end = at;
      if (first === CR) cr = at;
      else if (first !== LF) {
        if (cr < at) cr = indexOrLength(text, "\r", at);
        end = Math.min(indexOrLength(text, "\n", at), cr);
        if (end === length) {
          this.#line += text.slice(at);
          break;
        }
      }
      let next = end + 1;
      if (end === cr && text.charCodeAt(next) === LF) next++;
      if (unfinished) {
        unfinished = false;
        const line = this.#line + text.slice(at, end);
        this.#line = "";
        this.#readLine(line);
      } else if (end === at) {
        // "If the line is empty (a blank line): Dispatch the event, as defined below." Without a field it does nothing.
        if (this.#hasField) this.#dispatch();
        // Fast paths for the lines that streams are made of: what `#readLine` does with them, without slicing the line.
      } else if (first === 0x64 && isData(text, at)) {
        const value = valueAfter(text, at + 4, end);
        // Fast path for LLM tokens, whose blocks are one line: no buffer is touched. It gains a tenth.
        if (!this.#hasField && next < length && text.charCodeAt(next) === LF) {
          next++;
          this.#giveEvent("", value);
        } else this.#appendData(value);
      } else if (first === 0x69 && startsWith(text, "id:", at)) {
        if (nul < at) nul = indexOrLength(text, "\0", at);
        if (nul >= end) this.#idBuffer = valueAfter(text, at + 2, end);
        this.#hasField = true;
      } else if (first === 0x65 && startsWith(text, "event:", at)) {
        this.#eventType = valueAfter(text, at + 5, end);
        this.#hasField = true;
      } else if (first !== COLON || this.#onComment) this.#readLine(text.slice(at, end));
      if (this.#abandoned) return 0;
      at = next;
      if (!this.#hasField) blockStart = at;
    }
    if (length > 0) this.#afterCR = cr === length - 1;
    // Engines join strings when they are first read. Until then a line is two objects more, of some 60 bytes, which the
    // garbage collector copies again and again while an event grows.
    if (this.#data) {
      this.#flatData += copySlice(this.#data, 0);
      this.#data = "";
    }
    return blockStart;
  }

  /**
   * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
   *
   * Reads any line that is not blank: one that chunks cut, and the rare ones. JavaScriptCore is a third faster on LLM
   * tokens where the lines that chunks cut don't go through the loop above.
   */
  #readLine(line: string): void {
    // "Collect the characters on the line before the first U+003A COLON character (:), and let field be that string."
    // Without a colon that is the whole line, and its value "the empty string".
    const colon = indexOrLength(line, ":", 0);
    const field = line.slice(0, colon);
    const value = valueAfter(line, colon, line.length);
    // "If the line starts with a U+003A COLON character (:): Ignore the line."
    if (field === "") this.#call(this.#onComment, value);
    else this.#hasField = true;
    if (field === "data") this.#appendData(value);
    // "Set the event type buffer to field value."
    else if (field === "event") this.#eventType = value;
    else if (field === "id") {
      // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value.
      // Otherwise, ignore the field."
      if (!value.includes("\0")) this.#idBuffer = value;
      // "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten, and
      // set the event stream's reconnection time to that integer. Otherwise, ignore the field."
    } else if (field === "retry" && /^\d+$/.test(value)) this.#call(this.#callbacks.onReconnectionTime, Number(value));
    // "Otherwise: The field is ignored."
  }

  /** "Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character". */
  #appendData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    this.#hasField = true;
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage */
  #dispatch(): void {
    const type = this.#eventType;
    const data = this.#data;
    const flatData = this.#flatData;
    const id = this.#idBuffer;
    // Cleared before any callback, so that one that throws leaks nothing into the next event.
    this.#data = this.#idBuffer = undefined;
    this.#flatData = this.#eventType = "";
    this.#hasField = false;
    // "Set the last event ID string of the event source to the value of the last event ID buffer."
    if (id !== undefined && id !== this.#lastEventId) {
      this.#lastEventId = id;
      this.#call(this.#callbacks.onLastEventId, id);
    }
    // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
    // return."
    if (data !== undefined) this.#giveEvent(type, flatData + data);
  }

  #giveEvent(type: string, data: string): void {
    if (this.#abandoned) return;
    // "If the event type buffer has a value other than the empty string, change the type of the newly created event to
    // equal the value of the event type buffer."
    this.#call(this.#onEvent, { type: type || "message", data, lastEventId: this.#lastEventId });
  }

  #refuse(): void {
    this.stop();
    const message = `Cannot parse an event larger than ${this.#maxEventBytes}: raise maxEventBytes or call reset`;
    this.#call(this.#callbacks.onError, new EventStreamError("event-too-large", message));
  }

  #call<T>(callback: ((value: T) => void) | undefined, value: T): void {
    try {
      callback?.(value);
    } catch (error) {
      this.#errors.push(error);
    }
  }
}

/** Whether the line begins with `data:`. Our `startsWith` takes a tenth more of all, the string's three times as long. */
function isData(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 1) === 0x61 &&
    text.charCodeAt(at + 2) === 0x74 &&
    text.charCodeAt(at + 3) === 0x61 &&
    text.charCodeAt(at + 4) === COLON
  );
}

function startsWith(text: string, start: string, at: number): boolean {
  for (let i = 0; i < start.length; i++) if (text.charCodeAt(at + i) !== start.charCodeAt(i)) return false;
  return true;
}

/** "If value starts with a U+0020 SPACE character, remove it from value." */
function valueAfter(text: string, colon: number, end: number): string {
  return text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end);
}

function indexOrLength(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index === -1 ? text.length : index;
}

/**
 * A slice that shares no memory with the text once it is read: engines make a concatenation flat, and so copy it, while
 * JavaScriptCore finds a slice of a single part of it in that part.
 */
function copySlice(text: string, start: number, end?: number): string {
  return text.slice(start, start + 1) + text.slice(start + 1, end);
}
