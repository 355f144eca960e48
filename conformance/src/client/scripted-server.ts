import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Exchange } from "./exchange.ts";
import { RequestReader } from "./request-reader.ts";

/**
 * A server on raw sockets, so that each byte, and each pause, is the script's own. It knows a case by the first segment of
 * the path, and has two origins with the same paths.
 */
export class ScriptedServer {
  readonly #server: Server = createServer((socket) => this.#serve(socket));
  readonly #otherServer: Server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #paths = new Map<string, (exchange: Exchange) => void>();
  #made = 0;

  private constructor() {}

  /** Starts one on free ports of the loopback interface. */
  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    for (const each of [server.#server, server.#otherServer]) {
      each.listen(0, "127.0.0.1");
      await once(each, "listening");
    }
    return server;
  }

  /** Its address, without a path. */
  get origin(): string {
    return originOf(this.#server);
  }

  /** Another address of the same server, which browsers take for another one. */
  get otherOrigin(): string {
    return originOf(this.#otherServer);
  }

  /** Serves a path that nobody had before, and gives it: `/<token>`. */
  serve(answer: (exchange: Exchange) => void): string {
    const token = `${(++this.#made).toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
    this.#paths.set(token, answer);
    return `/${token}`;
  }

  /** Stops it with all its connections. */
  close(): void {
    this.#server.close();
    this.#otherServer.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
    socket.setNoDelay(true);
    const reader = new RequestReader();
    socket.on("data", (chunk: Uint8Array) => {
      const request = reader.feed(chunk);
      if (reader.expectsContinue) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      if (request === undefined) return;
      const [, token = ""] = request.target.split(/[/?]/);
      const exchange = new Exchange(socket, request);
      const answer = this.#paths.get(token);
      if (answer === undefined) exchange.respond("404 Not Found");
      else answer(exchange);
    });
  }
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
