import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import type { Field } from "../http/request.ts";

/** A request as the origin got it, through the proxy, and the way to answer it. */
export class OriginExchange {
  readonly method: string;
  readonly fields: readonly Field[];
  /** The content of the request as far as it has come, framed as it was sent. */
  body = "";
  /** Fulfils when the proxy's connection has closed. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #isChunked: boolean;

  constructor(socket: Socket, head: string) {
    const [first = "", ...lines] = head.split("\r\n");
    this.method = first.split(" ")[0] ?? "";
    this.fields = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    this.#socket = socket;
    this.#isChunked = first.endsWith("HTTP/1.1");
  }

  /** The value of a field of the request. */
  field(name: string): string | undefined {
    return this.fields.find(([own]) => own.toLowerCase() === name)?.[1];
  }

  /** Sends the head of an event stream, with more fields, and those of the same name in their place. */
  head(status = 200, more: readonly Field[] = []): void {
    const own: Field[] = [
      ["Content-Type", "text/event-stream"],
      ["Cache-Control", "no-cache"],
    ];
    const fields = [...own.filter(([name]) => !more.some(([other]) => other === name)), ...more];
    this.#sendHead(status, this.#isChunked ? [...fields, ["Transfer-Encoding", "chunked"]] : fields);
  }

  /** Answers in full, without an event stream. */
  answer(status: number, content = ""): void {
    const length: Field[] = status === 204 ? [] : [["Content-Length", String(Buffer.byteLength(content))]];
    this.#sendHead(status, length);
    this.#socket.end(this.method === "HEAD" ? "" : content);
  }

  /** Sends a part of the stream. */
  write(content: string | Uint8Array): void {
    if (this.#socket.destroyed) return;
    const bytes = Buffer.from(content as string);
    if (this.#isChunked) this.#socket.write(`${bytes.length.toString(16)}\r\n`);
    this.#socket.write(bytes);
    if (this.#isChunked) this.#socket.write("\r\n");
  }

  /** Ends the stream in good order. */
  end(): void {
    this.#socket.end(this.#isChunked ? "0\r\n\r\n" : "");
  }

  /** Breaks the stream off. */
  breakOff(): void {
    this.#socket.resetAndDestroy();
  }

  #sendHead(status: number, fields: readonly Field[]): void {
    const lines = [`HTTP/1.1 ${status} Answer`, ...fields.map((field) => field.join(": ")), "Connection: close"];
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  }
}

/** The name of the parameter that says which case a request belongs to. */
const TOKEN = "ssekit-case";

/** The server behind the proxy: it keeps each request for the case that sent it. */
export class Origin {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #exchanges = new Map<string, OriginExchange[]>();
  readonly #watchers = new Set<() => void>();

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Starts one at a port of the loopback interface. */
  static async start(port: number): Promise<Origin> {
    const origin = new Origin();
    await new Promise<void>((resolve, reject) => {
      origin.#server.once("error", reject);
      origin.#server.listen(port, "127.0.0.1", resolve);
    });
    return origin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The URL, as a reader asks the proxy for it, of what only this case asks for. */
  urlOf(proxy: URL, token: string): URL {
    const url = new URL(proxy);
    url.searchParams.set(TOKEN, token);
    return url;
  }

  /** The requests with this token so far. */
  requestsOf(token: string): readonly OriginExchange[] {
    return this.#exchanges.get(token) ?? [];
  }

  /** Waits for a request with this token; `undefined` if none comes in time. */
  async request(
    token: string,
    { at = 0, within }: { at?: number; within: number },
  ): Promise<OriginExchange | undefined> {
    const until = performance.now() + within;
    while (this.requestsOf(token)[at] === undefined && performance.now() < until) {
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          this.#watchers.delete(settle);
          resolve();
        };
        const timer = setTimeout(settle, Math.max(1, until - performance.now()));
        this.#watchers.add(settle);
      });
    }
    return this.requestsOf(token)[at];
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    let text = "";
    let exchange: OriginExchange | undefined;
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      if (exchange !== undefined) {
        exchange.body += chunk;
        this.#heard();
        return;
      }
      text += chunk;
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      exchange = new OriginExchange(socket, text.slice(0, end));
      exchange.body = text.slice(end + 4);
      const path = text.split(" ", 2)[1] ?? "/";
      const token = URL.parse(path, "http://origin.test")?.searchParams.get(TOKEN) ?? "";
      this.#exchanges.set(token, [...this.requestsOf(token), exchange]);
      this.#heard();
    });
  }

  #heard(): void {
    for (const settle of [...this.#watchers]) settle();
  }
}
