import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { Exchange, type ReceivedRequest } from "./exchange.ts";
import { ReferenceServer } from "./reference-server.ts";

const PREFACE = "PRI * HTTP/2.0";

/** Speaks HTTP/2 on the same port, to those that begin with its preface. */
export class Http2ReferenceServer extends ReferenceServer {
  readonly #http2: Http2Server = createServer().on("stream", (stream, headers) => {
    const fields = Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(":") ? [] : [[name, String(value)] as const],
    );
    const url = new URL(headers[":path"] ?? "/", "http://server.test");
    const request: ReceivedRequest = {
      method: headers[":method"] ?? "",
      url,
      version: "HTTP/2",
      headers: new Map(fields),
    };
    stream.on("error", () => {});
    this.handle(new Http2Exchange(stream as ServerHttp2Stream, request));
  });

  override connect(socket: Socket): void {
    socket.once("data", (bytes: Buffer) => {
      socket.pause();
      socket.unshift(bytes);
      if (bytes.toString("latin1").startsWith(PREFACE)) return this.connectHttp2(socket);
      super.connect(socket);
      socket.resume();
    });
  }

  connectHttp2(socket: Socket): void {
    this.#http2.emit("connection", socket);
  }
}

class Http2Exchange extends Exchange {
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream, request: ReceivedRequest) {
    super(stream.session?.socket as Socket, request);
    this.#stream = stream;
  }

  override head(status: number, fields: readonly string[]): void {
    const pairs = fields.map((field) => [
      field.slice(0, field.indexOf(":")).toLowerCase(),
      field.slice(field.indexOf(":") + 1).trim(),
    ]);
    this.#stream.respond({ ":status": status, ...Object.fromEntries(pairs) });
  }

  override write(content: string | Uint8Array): void {
    if (!this.#stream.destroyed && !this.#stream.writableEnded) this.#stream.write(content);
  }

  override onClose(closed: () => void): void {
    this.#stream.on("close", closed);
  }

  override answer(status: number, fields: readonly string[]): void {
    this.head(status, fields);
    this.#stream.end();
  }

  override end(): void {
    this.#stream.end();
  }

  override refuse(status: number, fields: readonly string[]): void {
    this.answer(status, fields);
  }
}
