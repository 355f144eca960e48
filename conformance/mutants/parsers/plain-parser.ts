import type { DispatchedEvent } from "@ssekit/codec";
import type { PushParser } from "../../src/parser/module-parser.ts";

/**
 * A third parser, written for its faults: each step of the standard is a method of its own, so that a mutant overrides
 * exactly one. It shares nothing with the codec, nor with the reference model.
 */
export class PlainParser implements PushParser {
  readonly emit: (event: DispatchedEvent) => void;
  reconnectionTime: number | undefined;
  decoder: TextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** What has come since the last line end. */
  rest = "";
  data = "";
  type = "";
  idBuffer = "";
  lastEventId = "";

  constructor(emit: (event: DispatchedEvent) => void) {
    this.emit = emit;
  }

  push(chunk: Uint8Array): void {
    const text = this.decode(chunk);
    if (text === "") return;
    this.text(this.#started ? text : this.withoutByteOrderMark(text));
    this.#started = true;
  }
  #started = false;

  decode(chunk: Uint8Array): string {
    return this.decoder.decode(chunk, { stream: true });
  }

  /** Not the decoder's task: that of Node drops a second BOM too where the first is cut between chunks. */
  withoutByteOrderMark(text: string): string {
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  text(text: string): void {
    for (const line of this.lines(text)) this.line(line);
  }

  /** The lines that this text completes. */
  lines(text: string): string[] {
    const unread = this.#afterCarriageReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#afterCarriageReturn = text.endsWith("\r");
    const lines = unread.split(/\r\n|\n|\r/);
    lines[0] = this.rest + lines[0];
    this.rest = lines.pop() ?? "";
    return lines;
  }
  #afterCarriageReturn = false;

  line(line: string): void {
    if (line === "") this.dispatch();
    else if (line.startsWith(":")) this.comment(line.slice(1));
    else {
      const colon = line.indexOf(":");
      if (colon === -1) this.lineWithoutColon(line);
      else this.field(line.slice(0, colon), this.value(line.slice(colon + 1)));
    }
  }

  comment(_text: string): void {}

  lineWithoutColon(line: string): void {
    this.field(line, "");
  }

  value(afterColon: string): string {
    return afterColon.startsWith(" ") ? afterColon.slice(1) : afterColon;
  }

  field(name: string, value: string): void {
    if (name === "event") this.eventField(value);
    else if (name === "data") this.dataField(value);
    else if (name === "id") this.idField(value);
    else if (name === "retry") this.retryField(value);
    else this.unknownField(name, value);
  }

  eventField(value: string): void {
    this.type = value;
  }

  dataField(value: string): void {
    this.data += `${value}\n`;
  }

  idField(value: string): void {
    if (!value.includes("\0")) this.idBuffer = value;
  }

  retryField(value: string): void {
    if (/^[0-9]+$/.test(value)) this.reconnectionTime = Number(value);
  }

  unknownField(_name: string, _value: string): void {}

  dispatch(): void {
    this.commitId();
    if (this.data === "") this.withoutData();
    else this.emitEvent();
  }

  commitId(): void {
    this.lastEventId = this.idBuffer;
  }

  withoutData(): void {
    this.type = "";
  }

  emitEvent(): void {
    const event = { type: this.type || "message", data: this.data.slice(0, -1), lastEventId: this.lastEventId };
    this.clear();
    this.emit(event);
  }

  clear(): void {
    this.data = "";
    this.type = "";
  }

  end(): void {
    this.rest = "";
    this.clear();
  }
}
