import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { createHub } from "@ssekit/hub";
import { openEventStream } from "@ssekit/node";
import type { EventStream } from "@ssekit/server";
import type { ServerDriver } from "../../src/server/driver.ts";
import type { PublishedEvent } from "../../src/server/publisher.ts";
import { describeServer } from "./describe-server.ts";

const cors = "Access-Control-Allow-Origin is the application's to send";

describeServer(
  "the Node adapter",
  { create: () => new NodeDriver(), cursorQuery: "lastEventId" },
  {
    "server/cors/allowed": cors,
    "server/cors/preflight": cors,
    "server/life/reconnection-time": "retry is the application's to set",
  },
);

/** A hub behind the adapter, over HTTP/1.1, and HTTP/2 with prior knowledge. */
class NodeDriver implements ServerDriver {
  readonly #hub = createHub();
  readonly #streams = new Set<EventStream>();
  readonly #sockets = new Set<Socket>();
  readonly #http1: Server = createServer((req, res) => this.#answer(req, res));
  readonly #http2: Http2Server = createHttp2Server((req, res) => this.#answer(req, res));
  readonly #server: Server = createServer();

  async start(): Promise<string> {
    // A server of HTTP/1.1 that hands on what begins as HTTP/2 does.
    this.#server.removeAllListeners("connection");
    this.#server.on("connection", (socket: Socket) => this.#connect(socket));
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`;
  }

  async publish({ data, event, id, retry }: PublishedEvent): Promise<void> {
    const fields = {
      ...(event !== undefined && { event }),
      ...(id !== undefined && { id }),
      ...(retry !== undefined && { retry }),
    };
    await this.#hub.publish("news", { data, ...fields });
  }

  closeAll(): void {
    for (const stream of this.#streams) stream.close();
  }

  count(): number {
    return this.#streams.size;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #connect(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("data", (bytes: Buffer) => {
      socket.pause();
      socket.unshift(bytes);
      const isHttp2 = bytes.toString("latin1").startsWith("PRI * HTTP/2.0");
      (isHttp2 ? this.#http2 : this.#http1).emit("connection", socket);
      if (!isHttp2) socket.resume();
    });
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #answer(req: IncomingMessage | Http2ServerRequest, res: ServerResponse | Http2ServerResponse): void {
    if (req.method !== "GET" && req.method !== "HEAD") {
      (res as ServerResponse).writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    // Sooner than by default; that the default comes soon enough is shown by hub-server, which has it.
    const stream = openEventStream(req as IncomingMessage, res as ServerResponse, { heartbeat: 2_000 });
    void this.#hub.subscribe(stream, "news");
    if (req.method === "HEAD") return;
    this.#streams.add(stream);
    void stream.closed.then(() => this.#streams.delete(stream));
  }
}
