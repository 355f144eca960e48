import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { ReceivedRequest } from "./request-reader.ts";

/** Writes a line of the wire log. */
export type WireWriter = (direction: "sent" | "received", bytes: Uint8Array | string) => void;

/** The head of a response. */
export interface ResponseHead {
  /** `200 OK` by default. */
  readonly status?: string;
  /** Header fields as lines. A stream says `Content-Type: text/event-stream` unless there is one here, or `null`. */
  readonly fields?: readonly string[];
  readonly contentType?: string | null;
  /** `chunked` by default, as servers do; `close` ends the body with the connection. */
  readonly framing?: "chunked" | "close";
}

/** A request, and the answer to it, byte by byte. */
export class Exchange {
  readonly request: ReceivedRequest;
  /** Fulfils when the connection has closed, whoever closed it. */
  readonly closed: Promise<void>;
  /** Where the wire log goes. */
  wire: WireWriter = () => {};
  readonly #socket: Socket;
  #framing: "chunked" | "close" = "chunked";
  #ended = false;

  constructor(socket: Socket, request: ReceivedRequest) {
    this.#socket = socket;
    this.request = request;
    this.closed = new Promise((resolve) => {
      if (socket.destroyed) resolve();
      // The client's FIN is enough: a server need not write to notice that its reader has left.
      socket.once("end", resolve);
      socket.once("close", () => resolve());
    });
  }

  /** The head of an event stream, or of what is none. */
  head({
    status = "200 OK",
    fields = [],
    contentType = "text/event-stream",
    framing = "chunked",
  }: ResponseHead = {}): this {
    this.#framing = framing;
    const lines = [`HTTP/1.1 ${status}`, ...fields, "Connection: close"];
    if (contentType !== null) lines.push(`Content-Type: ${contentType}`);
    if (framing === "chunked" && !/^(204|304) /.test(status)) lines.push("Transfer-Encoding: chunked");
    return this.#send(`${lines.join("\r\n")}\r\n\r\n`);
  }

  /** The next bytes of the body, in one piece. Text stands for its UTF-8 bytes. */
  write(body: string | Uint8Array): this {
    const bytes = Buffer.from(body as string);
    if (bytes.length === 0) return this;
    this.wire("sent", bytes);
    if (this.#framing === "close") return this.#put(bytes);
    return this.#put(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]));
  }

  /** Writes a body in pieces of so many bytes, each of which has left before the next one follows. */
  async writeInPieces(body: string | Uint8Array, size: number): Promise<void> {
    const bytes = Buffer.from(body as string);
    for (let at = 0; at < bytes.length; at += size) {
      this.write(bytes.subarray(at, at + size));
      await this.untilApart(1);
    }
  }

  /** Waits so long that a reader on this machine gets what was written apart from what follows. */
  untilApart(milliseconds = 5): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Ends the body as a server does that is done. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.wire("sent", "end of the response");
    if (this.#socket.destroyed) return;
    if (this.#framing === "chunked") this.#socket.end("0\r\n\r\n");
    else this.#socket.end();
  }

  /** Breaks the connection off. */
  reset(): void {
    this.#ended = true;
    this.wire("sent", "connection reset");
    this.#socket.resetAndDestroy();
  }

  /** A whole response. */
  respond(status: string, { fields = [], contentType = null, body = "" }: ResponseHead & { body?: string } = {}): void {
    const bytes = Buffer.from(body);
    const length = /^(204|304) /.test(status) ? [] : [`Content-Length: ${bytes.length}`];
    this.head({ status, contentType, framing: "close", fields: [...fields, ...length] });
    if (bytes.length > 0) this.#put(bytes);
    this.end();
  }

  #send(text: string): this {
    this.wire("sent", text);
    return this.#put(text);
  }

  #put(bytes: string | Uint8Array): this {
    if (!this.#socket.destroyed && !this.#ended) this.#socket.write(bytes);
    return this;
  }
}
