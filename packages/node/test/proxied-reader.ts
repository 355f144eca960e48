import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect as connectOverHttp2, constants } from "node:http2";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** HTTP/2 is spoken over TLS, as browsers do, HTTP/1.1 in the clear. */
export type Protocol = "HTTP/1.1" | "HTTP/2";

/** A request, where it is not a plain GET. */
export interface ReaderInit {
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Readable;
  /** Whether all of the body came; known once it has closed. */
  isComplete(): boolean;
  leave(): void;
}

/** Sends a request and gives its reader once the head of the response has come. */
export async function openReader(
  { protocol, port }: { protocol: Protocol; port: number },
  path: string,
  init: ReaderInit = {},
): Promise<ProxiedReader> {
  const ask = protocol === "HTTP/2" ? askOverHttp2 : askOverHttp1;
  return new ProxiedReader(await ask(port, path, init));
}

/** The reader of one response. */
export class ProxiedReader {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  /** How the response ended: with the last byte of its body, or broken off before. */
  readonly ended: Promise<"complete" | "cut">;
  /** The decoded body, as far as it has come. */
  text = "";
  readonly #leave: () => void;
  #isOver = false;
  #heard: () => void = () => {};

  constructor({ status, headers, body, isComplete, leave }: Answer) {
    this.status = status;
    this.headers = headers;
    this.#leave = leave;
    const decoded = headers["content-encoding"] === "gzip" ? body.pipe(createGunzip()) : body;
    decoded.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
      this.#heard();
    });
    // A response that breaks off errors as well as closes.
    for (const stream of [body, decoded]) stream.on("error", () => {});
    this.ended = new Promise((resolve) => {
      body.on("close", () => {
        this.#isOver = true;
        this.#heard();
        resolve(isComplete() ? "complete" : "cut");
      });
    });
  }

  /** Waits until this has come; fails when the response ends before. */
  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) {
      if (this.#isOver) throw new Error(`The response ended before ${JSON.stringify(part)} came`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Goes away as a closed tab does: closes the connection, on HTTP/2 the stream. */
  leave(): void {
    this.#leave();
  }
}

async function askOverHttp1(port: number, path: string, { method = "GET", headers = {} }: ReaderInit): Promise<Answer> {
  const asked = request({ port, host: "127.0.0.1", path, method, headers, agent: false });
  const [response] = (await once(asked.end(), "response")) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: response,
    isComplete: () => response.complete,
    leave: () => void asked.destroy(),
  };
}

async function askOverHttp2(port: number, path: string, { method = "GET", headers = {} }: ReaderInit): Promise<Answer> {
  const session = connectOverHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  session.on("error", () => {});
  const stream = session.request({ ":method": method, ":path": path, ...headers });
  stream.on("close", () => session.destroy());
  const [answered] = (await once(stream.end(), "response")) as [Record<string, unknown>];
  // A browser speaks HTTP/2 only where it is offered.
  if (session.alpnProtocol !== "h2") throw new Error(`Cannot read over HTTP/2: offered was ${session.alpnProtocol}`);
  return {
    status: Number(answered[":status"]),
    headers: answered,
    body: stream,
    isComplete: () => stream.rstCode === constants.NGHTTP2_NO_ERROR && stream.readableEnded,
    leave: () => stream.close(constants.NGHTTP2_CANCEL),
  };
}
