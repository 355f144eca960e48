import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A message's head: its first line, and the lines of its fields. */
export interface ProxiedHead {
  readonly first: string;
  readonly fields: string[];
}

/** One connection of a reader, and that to the server behind. */
export interface Pair {
  readonly reader: Socket;
  readonly server: Socket;
  /** The method of the request. */
  readonly method: string;
}

/** A plain, correct proxy for HTTP/1.1, one request a connection, which the mutants break in one place each. */
export class ReferenceProxy {
  readonly #originPort: number;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(originPort: number) {
    this.#originPort = originPort;
  }

  async start(): Promise<string> {
    const server = createServer({ allowHalfOpen: false }, (reader) => this.serve(reader));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  serve(reader: Socket): void {
    this.#keep(reader);
    let bytes = Buffer.alloc(0);
    const collect = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      reader.off("data", collect);
      const head = this.request(parseHead(bytes.subarray(0, end)));
      this.forward(reader, head, bytes.subarray(end + 4));
    };
    reader.on("data", collect);
  }

  forward(reader: Socket, head: ProxiedHead, rest: Buffer): void {
    const server = connect(this.#originPort, "127.0.0.1");
    this.#keep(server);
    const pair: Pair = { reader, server, method: head.first.split(" ")[0] ?? "" };
    server.write(Buffer.concat([formatHead(head), rest]));
    reader.on("data", (chunk) => server.write(chunk));
    reader.on("close", () => this.readerLeft(pair));
    this.relay(pair);
  }

  /** Brings the response to the reader. */
  relay(pair: Pair): void {
    let bytes = Buffer.alloc(0);
    let isHeadSent = false;
    pair.server.on("data", (chunk: Buffer) => {
      if (isHeadSent) return this.body(pair, chunk);
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      isHeadSent = true;
      this.sendHead(pair, this.response(parseHead(bytes.subarray(0, end)), pair));
      if (bytes.length > end + 4) this.body(pair, bytes.subarray(end + 4));
    });
    let wasReset = false;
    pair.server.on("error", () => {
      wasReset = true;
    });
    pair.server.on("close", () => this.serverLeft(pair, wasReset));
  }

  /** The request as it goes on. */
  request(head: ProxiedHead): ProxiedHead {
    return head;
  }

  /** The response as it goes on. */
  response(head: ProxiedHead, _pair: Pair): ProxiedHead {
    const options = head.fields.flatMap((field) => /^connection:(.*)/i.exec(field)?.[1]?.split(",") ?? []);
    const dropped = new Set(["connection", "keep-alive", ...options.map((name) => name.trim().toLowerCase())]);
    const fields = head.fields.filter((field) => !dropped.has(field.split(":", 1)[0]?.toLowerCase() ?? ""));
    return { first: head.first, fields: [...fields, "Connection: close"] };
  }

  sendHead({ reader }: Pair, head: ProxiedHead): void {
    reader.write(formatHead(head));
  }

  body({ reader }: Pair, bytes: Buffer): void {
    reader.write(bytes);
  }

  readerLeft({ server }: Pair): void {
    server.destroy();
  }

  serverLeft({ reader }: Pair, wasReset: boolean): void {
    if (wasReset) reader.resetAndDestroy();
    else reader.end();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }
}

function parseHead(bytes: Buffer): ProxiedHead {
  const [first = "", ...fields] = bytes.toString("latin1").split("\r\n");
  return { first, fields };
}

function formatHead({ first, fields }: ProxiedHead): Buffer {
  return Buffer.from(`${[first, ...fields].join("\r\n")}\r\n\r\n`, "latin1");
}
