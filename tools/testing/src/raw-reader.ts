import { connect, type Socket } from "node:net";

/** A request as it goes over the wire. */
export interface RawRequest {
  readonly method?: string;
  /** Lines of the head, in Latin-1. */
  readonly headers?: readonly string[];
}

/** An HTTP/1.1 client on a raw socket, which keeps every byte that it gets, in Latin-1. */
export class RawReader {
  readonly socket: Socket;
  /** Fulfils when the connection has closed, however it did. */
  readonly closed: Promise<void>;
  text = "";
  #heard: () => void = () => {};

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1").setEncoding("latin1");
    this.socket.on("error", () => {});
    this.socket.on("data", (chunk) => {
      this.text += chunk;
      this.#heard();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on("close", () => {
        resolve();
        this.#heard();
      });
    });
  }

  /** The head of the response that came first, without what each runtime adds as it likes; sorted. */
  get head(): string[] {
    const [head = ""] = this.text.split("\r\n\r\n");
    const lines = head.toLowerCase().split("\r\n");
    return lines.filter((line) => !/^(date|connection|keep-alive):/.test(line)).sort();
  }

  /** The content of the response that came first, without the framing of its chunks. */
  get content(): string {
    const start = this.text.indexOf("\r\n\r\n") + 4;
    let content = "";
    for (let at = start; at < this.text.length; ) {
      const lineEnd = this.text.indexOf("\r\n", at);
      const size = Number.parseInt(this.text.slice(at, lineEnd), 16);
      if (lineEnd < 0 || size === 0) break;
      content += this.text.slice(lineEnd + 2, lineEnd + 2 + size);
      at = lineEnd + 2 + size + 2;
    }
    return content;
  }

  /** Sends a request. */
  request(path: string, { method = "GET", headers = [] }: RawRequest = {}): void {
    const lines = [`${method} ${path} HTTP/1.1`, "Host: localhost", ...headers];
    this.socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  }

  /** Waits until this part has come, once or so many times; fails when the connection closes before. */
  async until(part: string, { times = 1 }: { times?: number } = {}): Promise<void> {
    while (this.text.split(part).length <= times) {
      if (this.socket.destroyed) throw new Error(`The connection closed before ${JSON.stringify(part)} came`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}
