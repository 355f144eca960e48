import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import {
  constants,
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createGzip, constants as zlib } from "node:zlib";
import type { RunningProxy } from "./attach-reference-proxy.ts";

/** What this proxy does otherwise. */
export interface PipingFaults {
  readonly doesNotFlush?: boolean;
  readonly ignoresNoTransform?: boolean;
  readonly refusesConnectionFields?: boolean;
  readonly holdsBackOverHttp2?: boolean;
  readonly ignoresCancel?: boolean;
  readonly endsWhatBrokeOff?: boolean;
}

type AnyRequest = IncomingMessage | Http2ServerRequest;
type AnyResponse = ServerResponse | Http2ServerResponse;

/** Another correct proxy, on Node's own HTTP/1.1 and HTTP/2: it compresses where it may, and flushes. */
export class PipingProxy implements RunningProxy {
  readonly #originPort: number;
  readonly #faults: PipingFaults;
  readonly #http1: HttpServer = createHttpServer((req, res) => this.#forward(req, res));
  readonly #http2: Http2Server = createHttp2Server((req, res) => this.#forward(req, res));
  readonly #server: Server = createServer((socket) => this.#connect(socket));
  readonly #sockets = new Set<Socket>();

  constructor(originPort: number, faults: PipingFaults = {}) {
    this.#originPort = originPort;
    this.#faults = faults;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.once("data", (bytes: Buffer) => {
      socket.pause();
      socket.unshift(bytes);
      const isHttp2 = bytes.toString("latin1").startsWith("PRI * HTTP/2.0");
      (isHttp2 ? this.#http2 : this.#http1).emit("connection", socket);
      if (!isHttp2) socket.resume();
    });
  }

  #forward(req: AnyRequest, res: AnyResponse): void {
    const { method, url: path } = req;
    const fields = Object.fromEntries(
      Object.entries(req.headers).filter(([name]) => !/^:|^connection$|^host$/.test(name)),
    );
    const asked = request({ host: "127.0.0.1", port: this.#originPort, method, path, headers: fields, agent: false });
    asked.on("response", (response) => this.#answer(req, res, response));
    asked.on("error", () => {
      if (!res.headersSent) breakOff(res);
    });
    res.on("error", () => {});
    if ("stream" in res) res.stream.on("error", () => {});
    res.on("close", () => {
      if (!(this.#faults.ignoresCancel && req.httpVersionMajor === 2)) asked.destroy();
    });
    req.pipe(asked);
  }

  #answer(req: AnyRequest, res: AnyResponse, response: IncomingMessage): void {
    const { refusesConnectionFields, holdsBackOverHttp2, endsWhatBrokeOff } = this.#faults;
    const isHttp2 = req.httpVersionMajor === 2;
    if (isHttp2 && refusesConnectionFields && response.headers["keep-alive"] !== undefined) {
      (res as Http2ServerResponse).stream.close(constants.NGHTTP2_PROTOCOL_ERROR);
      return;
    }
    const hopByHop = /^(?:connection|keep-alive|transfer-encoding|upgrade|proxy-connection)$/;
    const fields = Object.fromEntries(Object.entries(response.headers).filter(([name]) => !hopByHop.test(name)));
    const compress = this.#compresses(req, response);
    const gzip = compress ? createGzip() : undefined;
    (res as ServerResponse).writeHead(response.statusCode ?? 502, {
      ...fields,
      ...(compress && { "content-encoding": "gzip" }),
    });
    (res as ServerResponse).flushHeaders();
    const write = (bytes: Buffer): unknown => (res as ServerResponse).write(bytes);
    gzip?.on("data", write);
    const held: Buffer[] = [];
    response.on("data", (bytes: Buffer) => {
      if (isHttp2 && holdsBackOverHttp2) held.push(bytes);
      else if (gzip === undefined) write(bytes);
      else {
        gzip.write(bytes);
        if (!this.#faults.doesNotFlush) gzip.flush(zlib.Z_SYNC_FLUSH);
      }
    });
    response.on("error", () => {});
    response.on("close", () => {
      for (const bytes of held) write(bytes);
      if (gzip !== undefined) gzip.end(() => res.end());
      else if (response.complete || endsWhatBrokeOff) res.end();
      else breakOff(res);
    });
  }

  #compresses(req: AnyRequest, response: IncomingMessage): boolean {
    if (!/\bgzip\b/.test(String(req.headers["accept-encoding"] ?? ""))) return false;
    return this.#faults.ignoresNoTransform === true || !/no-transform/.test(response.headers["cache-control"] ?? "");
  }
}

/** Ends a response so that it does not look whole. */
function breakOff(res: AnyResponse): void {
  // close() of a stream would say that it has ended.
  if ("stream" in res) res.stream.destroy(new Error("The server broke off"));
  else res.destroy();
}
