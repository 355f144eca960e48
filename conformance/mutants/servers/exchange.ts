import type { Socket } from "node:net";

/** A request as a server got it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly version: "HTTP/1.0" | "HTTP/1.1" | "HTTP/2";
  /** By name in lower case; values with one character a byte. */
  readonly headers: ReadonlyMap<string, string>;
}

/** The request, once its head has come; bodies are ignored. */
export function parseRequest(text: string): ReceivedRequest | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [method = "", path = "/", version = "HTTP/1.1"] = first.split(" ");
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(":")).toLowerCase(),
    line.slice(line.indexOf(":") + 1).trim(),
  ]);
  return {
    method,
    url: new URL(path, "http://server.test"),
    version: version === "HTTP/1.0" ? "HTTP/1.0" : "HTTP/1.1",
    headers: new Map(headers as [string, string][]),
  };
}

/** One request and its answer, written to the socket as it stands here. */
export class Exchange {
  readonly socket: Socket;
  readonly request: ReceivedRequest;
  /** Whether the body is chunked; decided with the head. */
  isChunked = false;

  constructor(socket: Socket, request: ReceivedRequest) {
    this.socket = socket;
    this.request = request;
  }

  /** Sends the head of a stream: chunked where the request's version has chunks. */
  head(status: number, fields: readonly string[]): void {
    const hasLength = fields.some((field) => /^(content-length|transfer-encoding):/i.test(field));
    this.isChunked = !hasLength && this.request.version === "HTTP/1.1";
    this.rawHead(`HTTP/1.1 ${status} X`, this.isChunked ? [...fields, "Transfer-Encoding: chunked"] : fields);
  }

  rawHead(statusLine: string, fields: readonly string[]): void {
    this.raw(Buffer.from(`${[statusLine, ...fields, "Connection: close"].join("\r\n")}\r\n\r\n`, "latin1"));
  }

  /** Sends a part of the body. */
  write(content: string | Uint8Array): void {
    const bytes = Buffer.from(content as string);
    if (bytes.length === 0) return;
    this.raw(this.isChunked ? this.chunk(bytes) : bytes);
  }

  chunk(bytes: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  }

  onClose(closed: () => void): void {
    this.socket.on("close", closed);
  }

  /** Sends a head that no body follows. */
  answer(status: number, fields: readonly string[]): void {
    this.head(status, fields);
    this.socket.end();
  }

  /** Ends the body in good order. */
  end(): void {
    if (this.isChunked) this.raw(Buffer.from("0\r\n\r\n"));
    this.socket.end();
  }

  /** Answers without a body. */
  refuse(status: number, fields: readonly string[]): void {
    this.rawHead(`HTTP/1.1 ${status} X`, [...fields, "Content-Length: 0"]);
    this.socket.end();
  }

  raw(bytes: Uint8Array): void {
    if (!this.socket.destroyed && !this.socket.writableEnded) this.socket.write(bytes);
  }
}
