import { Buffer } from "node:buffer";

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** By name in lower case; values in Latin-1, one character a byte. Of a repeated field all values, joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The head in Latin-1, for the wire log. */
  readonly head: string;
  /** In UTF-8. */
  readonly body: string;
}

type Head = Omit<ReceivedRequest, "body">;

/** Reads the one request of a connection, which is not used again. */
export class RequestReader {
  /** Whether the client waits to be told to send its body; once. */
  expectsContinue = false;
  #head: Head | undefined;
  #done = false;
  #bytes: Buffer = Buffer.alloc(0);
  readonly #body: Buffer[] = [];
  #length = 0;

  /** Takes the next bytes; gives the request when it is whole. */
  feed(chunk: Uint8Array): ReceivedRequest | undefined {
    this.expectsContinue = false;
    if (this.#done) return undefined;
    if (this.#head === undefined) {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end === -1) return undefined;
      this.#head = parseHead(this.#bytes.toString("latin1", 0, end));
      this.expectsContinue = this.#head.headers.expect === "100-continue";
      chunk = this.#bytes.subarray(end + 4);
    }
    this.#body.push(Buffer.from(chunk));
    this.#length += chunk.length;
    const { headers } = this.#head;
    const chunked = headers["transfer-encoding"] === "chunked";
    if (!chunked && this.#length < Number(headers["content-length"] ?? 0)) return undefined;
    const bytes = Buffer.concat(this.#body);
    if (chunked && !bytes.subarray(-7).toString("latin1").endsWith("0\r\n\r\n")) return undefined;
    this.#done = true;
    return { ...this.#head, body: (chunked ? withoutFraming(bytes) : bytes).toString("utf8") };
  }
}

function parseHead(head: string): Head {
  const [first = "", ...lines] = head.split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { method, target, headers, head };
}

function withoutFraming(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
