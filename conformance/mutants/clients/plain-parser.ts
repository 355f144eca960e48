/** An event that a parser dispatches. */
export interface PlainEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** What a parser tells its client. */
export interface PlainSink {
  onEvent(event: PlainEvent): void;
  onId(id: string): void;
  onRetry(milliseconds: number): void;
}

/** The parser of the plain client: WHATWG HTML 9.2.6 for one connection, in methods that a mutant can override. */
export class PlainParser {
  dataBuffer = "";
  typeBuffer = "";
  idBuffer: string;
  rest = "";
  endedWithCr = false;
  readonly sink: PlainSink;
  decoder: TextDecoder = new TextDecoder();

  /** @param id the last event ID of the stream before. */
  constructor(sink: PlainSink, id: string) {
    this.sink = sink;
    this.idBuffer = id;
  }

  feed(bytes: Uint8Array): void {
    let text = this.decode(bytes);
    if (text === "") return;
    if (this.endedWithCr && text.startsWith("\n")) text = text.slice(1);
    this.endedWithCr = text.endsWith("\r");
    this.lines(text);
  }

  decode(bytes: Uint8Array): string {
    return this.decoder.decode(bytes, { stream: true });
  }

  lines(text: string): void {
    const [first = "", ...lines] = this.split(text);
    if (lines.length === 0) {
      this.rest += first;
      return;
    }
    const rest = lines.pop() ?? "";
    const whole = [this.rest + first, ...lines];
    this.rest = rest;
    for (const line of whole) this.line(line);
  }

  split(text: string): string[] {
    return text.split(/\r\n|\n|\r/);
  }

  /** The stream has ended: what is pending is discarded. */
  end(): void {}

  line(line: string): void {
    if (line === "") this.dispatch();
    else if (line.startsWith(":")) this.comment(line.slice(1));
    else {
      const colon = line.indexOf(":");
      if (colon === -1) this.field(line, "");
      else this.field(line.slice(0, colon), this.value(line.slice(colon + 1)));
    }
  }

  comment(_text: string): void {}

  value(value: string): string {
    return value.startsWith(" ") ? value.slice(1) : value;
  }

  field(name: string, value: string): void {
    if (name === "data") this.data(value);
    else if (name === "event") this.typeBuffer = value;
    else if (name === "id") this.id(value);
    else if (name === "retry") this.retry(value);
  }

  data(value: string): void {
    this.dataBuffer += `${value}\n`;
  }

  id(value: string): void {
    if (!value.includes("\0")) this.idBuffer = value;
  }

  retry(value: string): void {
    if (/^[0-9]+$/.test(value)) this.sink.onRetry(Number.parseInt(value, 10));
  }

  dispatch(): void {
    this.sink.onId(this.idBuffer);
    const { dataBuffer, typeBuffer } = this;
    this.dataBuffer = "";
    this.typeBuffer = "";
    if (dataBuffer === "") return;
    this.sink.onEvent({ type: typeBuffer || "message", data: dataBuffer.slice(0, -1), lastEventId: this.idBuffer });
  }
}
