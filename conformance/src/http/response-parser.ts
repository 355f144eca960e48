import { counted } from "../counted.ts";
import type { Field, Head } from "./request.ts";

/** How a response ended: with the last byte that it announced, by its connection's end where that is its end, or broken off. */
export type Ending = "complete" | "cut" | "reset";

/** What a parser of responses tells. */
export interface ResponseCallbacks {
  onHead(head: Head): void;
  onBody(bytes: Uint8Array): void;
  /** All of the response has come. */
  onComplete(): void;
  /** A sentence about bytes that break the rules of HTTP/1.1 (RFC 9112). */
  onFault(fault: string): void;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Parses one response of HTTP/1, forgivingly, and tells what was wrong in it: a reader that refuses could not say. */
export class ResponseParser {
  readonly #callbacks: ResponseCallbacks;
  readonly #method: string;
  #rest: Buffer = Buffer.alloc(0);
  #step: "head" | "size" | "chunk" | "chunk-end" | "trailer" | "counted" | "until-close" | "done" = "head";
  /** Bytes that are left of the chunk, or of the body. */
  #left = 0;

  constructor(method: string, callbacks: ResponseCallbacks) {
    this.#method = method;
    this.#callbacks = callbacks;
  }

  /** Whether the end of the connection cuts the response off. */
  get isCutByClose(): boolean {
    return this.#step !== "done" && this.#step !== "until-close";
  }

  feed(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#advance());
  }

  /** Takes one step; false when it needs more bytes. */
  #advance(): boolean {
    switch (this.#step) {
      case "head":
        return this.#takeHead();
      case "size":
        return this.#takeSize();
      case "chunk":
      case "counted":
        return this.#takeCounted();
      case "chunk-end":
        return this.#takeChunkEnd();
      case "trailer":
        return this.#takeTrailer();
      case "until-close":
        return this.#takeBytes(this.#rest.length);
      case "done":
        if (this.#rest.length > 0)
          this.#callbacks.onFault(`${counted(this.#rest.length, "byte")} came after the response's end`);
        this.#rest = Buffer.alloc(0);
        return false;
    }
  }

  #takeHead(): boolean {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const [statusLine = "", ...lines] = this.#rest.toString("latin1", 0, end).split("\r\n");
    this.#rest = this.#rest.subarray(end + 4);
    const match = /^(HTTP\/1\.[01]) (\d{3})(?: |$)/.exec(statusLine);
    if (match === null) this.#callbacks.onFault(`the status line is ${JSON.stringify(statusLine)}`);
    const head = {
      version: match?.[1] ?? "",
      status: Number(match?.[2] ?? 0),
      fields: lines.map((line) => this.#field(line)),
    };
    // An interim response: the real one follows.
    if (head.status >= 100 && head.status < 200) return true;
    this.#step = this.#stepAfter(head);
    this.#callbacks.onHead(head);
    if (this.#step === "done") this.#callbacks.onComplete();
    return true;
  }

  #field(line: string): Field {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1).replaceAll(/^[ \t]+|[ \t]+$/g, "");
    if (!TOKEN.test(name) || /[\0\r\n]/.test(value)) {
      this.#callbacks.onFault(`the head has the line ${JSON.stringify(line)}`);
    }
    return [name, value];
  }

  #stepAfter({ status, version, fields }: Head): "done" | "size" | "counted" | "until-close" {
    const values = (name: string): string[] =>
      fields.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value.toLowerCase());
    const codings = values("transfer-encoding").join(",");
    const [length] = values("content-length");
    if (codings !== "" && length !== undefined) {
      this.#callbacks.onFault("the head has both Transfer-Encoding and Content-Length");
    }
    if (codings !== "" && version === "HTTP/1.0") {
      this.#callbacks.onFault("a response of HTTP/1.0 has Transfer-Encoding");
    }
    if (this.#method === "HEAD" || status === 204 || status === 304) return "done";
    if (/(?:^|,)\s*chunked\s*$/.test(codings)) return "size";
    if (length === undefined) return "until-close";
    this.#left = Number(length);
    if (this.#left === 0) return "done";
    return "counted";
  }

  #takeSize(): boolean {
    const end = this.#rest.indexOf("\r\n");
    if (end < 0 && this.#rest.length < 1024) return false;
    const line = this.#rest.toString("latin1", 0, end < 0 ? 20 : end);
    const match = /^([0-9a-f]+)[ \t]*(?:;.*)?$/i.exec(line);
    if (end < 0 || match === null) {
      this.#callbacks.onFault(`a chunk's size is ${JSON.stringify(line)}`);
      this.#step = "until-close";
      return true;
    }
    this.#rest = this.#rest.subarray(end + 2);
    this.#left = Number.parseInt(match[1] ?? "", 16);
    this.#step = this.#left === 0 ? "trailer" : "chunk";
    return true;
  }

  #takeCounted(): boolean {
    const took = this.#takeBytes(Math.min(this.#left, this.#rest.length));
    if (this.#left > 0) return took;
    if (this.#step === "chunk") this.#step = "chunk-end";
    else this.#complete();
    return true;
  }

  #takeChunkEnd(): boolean {
    if (this.#rest.length < 2) return false;
    if (this.#rest.toString("latin1", 0, 2) === "\r\n") {
      this.#rest = this.#rest.subarray(2);
      this.#step = "size";
    } else {
      this.#callbacks.onFault(
        `a chunk goes on beyond its size, with ${JSON.stringify(this.#rest.toString("latin1", 0, 20))}`,
      );
      this.#step = "until-close";
    }
    return true;
  }

  #takeTrailer(): boolean {
    const end = this.#rest.indexOf("\r\n");
    if (end < 0) return false;
    this.#rest = this.#rest.subarray(end + 2);
    if (end === 0) this.#complete();
    return true;
  }

  #takeBytes(length: number): boolean {
    if (length === 0) return false;
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.#left -= length;
    this.#callbacks.onBody(bytes);
    return true;
  }

  #complete(): void {
    this.#step = "done";
    this.#callbacks.onComplete();
  }
}
