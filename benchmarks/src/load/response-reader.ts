/** What a {@linkcode ResponseReader} tells. */
export interface ResponseCallbacks {
  /** The head has come: status and fields, their names in lower case. */
  onHead(status: number, fields: ReadonlyMap<string, string>): void;
  /** A part of the body, without its framing; it is only valid during the call. */
  onBody(bytes: Uint8Array): void;
  /** The body has ended as its framing says. */
  onEnd(): void;
}

/** Bytes of a head before it is taken for no HTTP at all. */
const MAX_HEAD_BYTES = 64 * 1024;
/** What each response begins with. */
const PROTOCOL = "HTTP/1.";
const LINE_FEED = 0x0a;

/**
 * Reads one HTTP/1.1 response from the bytes of a connection: head, then a body that is chunked, of a given length, or
 * ends with the connection. It knows just what a load tool meets, so that thousands of readers cost little.
 */
export class ResponseReader {
  readonly #callbacks: ResponseCallbacks;
  #head: Buffer | undefined = Buffer.alloc(0);
  #framing: "chunked" | "length" | "close" = "close";
  /** Bytes of the body or the chunk that are still to come. */
  #left = 0;
  /** A line of the chunk framing that a read has cut; `undefined` inside a chunk's data. */
  #line: string | undefined;
  #ended = false;

  constructor(callbacks: ResponseCallbacks) {
    this.#callbacks = callbacks;
  }

  /** Whether the body ended as its framing says. */
  get ended(): boolean {
    return this.#ended;
  }

  /** @throws {SyntaxError} for bytes that are no HTTP/1.1 response. */
  feed(bytes: Buffer): void {
    if (this.#ended) return;
    const body = this.#head === undefined ? bytes : this.#readHead(bytes);
    if (body === undefined || body.length === 0) return;
    if (this.#framing === "chunked") this.#readChunks(body);
    else this.#readPlain(body);
  }

  /** The connection has ended: that ends a body without a length. */
  end(): void {
    if (this.#head === undefined && this.#framing === "close") this.#end();
  }

  #readHead(bytes: Buffer): Buffer | undefined {
    const head = Buffer.concat([this.#head ?? Buffer.alloc(0), bytes]);
    const begin = head.toString("latin1", 0, PROTOCOL.length);
    // At once, for a server of another protocol may never send the end of a head.
    if (!PROTOCOL.startsWith(begin)) {
      throw new SyntaxError(`Cannot read the response: it begins with ${JSON.stringify(begin)} and not ${PROTOCOL}`);
    }
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) {
      if (head.length > MAX_HEAD_BYTES) throw new SyntaxError("Cannot read the response: its head is over 64 KiB");
      this.#head = head;
      return undefined;
    }
    const [statusLine = "", ...lines] = head.toString("latin1", 0, end).split("\r\n");
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1];
    if (status === undefined) {
      throw new SyntaxError(`Cannot read the response: it begins with ${JSON.stringify(statusLine.slice(0, 60))}`);
    }
    const rest = head.subarray(end + 4);
    // An interim response, such as 103, announces another one.
    if (status.startsWith("1")) {
      this.#head = Buffer.alloc(0);
      return this.#readHead(rest);
    }
    this.#head = undefined;
    const fields = new Map(lines.map(fieldOf));
    this.#frame(fields);
    this.#callbacks.onHead(Number(status), fields);
    if (this.#framing === "length" && this.#left === 0) this.#end();
    return rest;
  }

  #frame(fields: ReadonlyMap<string, string>): void {
    const length = fields.get("content-length");
    if (/\bchunked$/i.test(fields.get("transfer-encoding") ?? "")) {
      this.#framing = "chunked";
      this.#line = "";
    } else if (length !== undefined) {
      this.#framing = "length";
      this.#left = Number(length);
    }
  }

  #readPlain(bytes: Buffer): void {
    const body = this.#framing === "length" ? bytes.subarray(0, this.#left) : bytes;
    this.#callbacks.onBody(body);
    if (this.#framing === "close") return;
    this.#left -= body.length;
    if (this.#left === 0) this.#end();
  }

  #readChunks(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.#ended) {
      if (this.#line === undefined) {
        const data = bytes.subarray(at, at + this.#left);
        at += data.length;
        this.#left -= data.length;
        if (this.#left === 0) this.#line = "";
        this.#callbacks.onBody(data);
        continue;
      }
      const end = bytes.indexOf(LINE_FEED, at);
      this.#line += bytes.toString("latin1", at, end === -1 ? bytes.length : end);
      at = end === -1 ? bytes.length : end + 1;
      if (end !== -1) this.#takeLine(this.#line.trimEnd());
      else if (this.#line.length > MAX_HEAD_BYTES) throw new SyntaxError("Cannot read the response: no chunk size");
    }
  }

  /** A line outside the chunks' data: the empty one behind a chunk, or a size. Trailers end with the connection. */
  #takeLine(line: string): void {
    this.#line = "";
    if (line === "") return;
    const size = /^[0-9a-f]+(?=;|\s|$)/i.exec(line)?.[0];
    if (size === undefined) {
      throw new SyntaxError(`Cannot read the response: ${JSON.stringify(line.slice(0, 60))} is no chunk size`);
    }
    this.#left = Number.parseInt(size, 16);
    if (this.#left === 0) this.#end();
    else this.#line = undefined;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#callbacks.onEnd();
  }
}

function fieldOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
