import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A request as it came over the wire. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** By name in lower case; values in Latin-1, one character a byte. */
  readonly headers: Record<string, string>;
  /** In Latin-1. */
  readonly body: string;
}

/** One answer: bytes as they are. */
export type Script = (connection: ScriptedConnection, request: RecordedRequest) => unknown;

/** The connection that a script answers on. */
export class ScriptedConnection {
  readonly socket: Socket;
  /** Fulfils when the client has gone, or the script has ended it. */
  readonly closed: Promise<void>;

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
  }

  /** Sends the head of an event stream, whose end is the end of the connection. */
  head(status = "200 OK", ...fields: string[]): this {
    const all = fields.some((field) => /^content-type:/i.test(field))
      ? fields
      : ["Content-Type: text/event-stream", ...fields];
    return this.write([`HTTP/1.1 ${status}`, ...all, "Connection: close", "", ""].join("\r\n"));
  }

  /** Sends bytes, or text as UTF-8, in one piece. */
  write(bytes: string | Uint8Array): this {
    if (!this.socket.destroyed) this.socket.write(bytes);
    return this;
  }

  /** Ends the connection as a server does that is done. */
  end(): void {
    this.socket.end();
  }

  /** Breaks the connection off. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** A server on a raw socket that answers each request by the next script, the last one for good, and records requests. */
export class ScriptedServer {
  /** Answers each request, where no scripts were given. */
  script: Script = () => {};
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #scripts: Script[];
  #heard: () => void = () => {};

  private constructor(scripts: Script[]) {
    this.#scripts = scripts;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Starts one on a free port of the loopback interface. */
  static async start(...scripts: Script[]): Promise<ScriptedServer> {
    const server = new ScriptedServer(scripts);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  /** Its address, without a path. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until so many requests have come. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Stops it with all its connections. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      text += chunk;
      const request = parseRequest(text);
      if (request === undefined) return;
      text = "";
      const script = (this.#scripts.length > 1 ? this.#scripts.shift() : this.#scripts[0]) ?? this.script;
      this.requests.push(request);
      this.#heard();
      void script(new ScriptedConnection(socket), request);
    });
  }
}

/** The request, once it has come as a whole. */
function parseRequest(text: string): RecordedRequest | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const rest = text.slice(end + 4);
  if (headers["transfer-encoding"] === "chunked") {
    if (!rest.endsWith("0\r\n\r\n")) return undefined;
    return { method, path, headers, body: rest.replace(/[0-9a-f]+\r\n/gi, "").replaceAll("\r\n", "") };
  }
  return rest.length < Number(headers["content-length"] ?? 0) ? undefined : { method, path, headers, body: rest };
}
