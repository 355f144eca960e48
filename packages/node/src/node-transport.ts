import type { IncomingMessage, ServerResponse } from "node:http";
import type { Transport, TransportObserver } from "@ssekit/server";

/** A transport over the pair that `node:http` hands to a request listener. */
export class NodeTransport implements Transport {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  #onDrain: () => void = () => {};

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req;
    this.#res = res;
  }

  get bufferedBytes(): number {
    return this.#res.writableLength;
  }

  get highWaterMark(): number {
    return this.#res.writableHighWaterMark;
  }

  observe(observer: TransportObserver): void {
    const res = this.#res;
    const { socket } = this.#req;
    const onClose = (): void => {
      socket.off("close", onClose);
      observer.onClose(this.#leftByReader() ? "client" : "server");
    };
    this.#onDrain = () => observer.onDrain();
    res.on("drain", this.#onDrain);
    res.on("error", (error) => observer.onClose("error", error));
    res.on("close", onClose);
    // On Node 22 a pipelined response that still waits for its turn does not hear of the end of its connection.
    socket.on("close", onClose);
    if (res.destroyed) onClose();
  }

  answer(status: number, headers: Headers): void {
    this.#setHeaders(headers);
    this.#res.statusCode = status;
    this.#res.end();
  }

  open(headers: Headers): void {
    this.#setHeaders(headers);
    // Not flushHeaders(): so the head waits for the first write, and both leave in one packet.
    this.#res.writeHead(200);
  }

  write(bytes: Uint8Array): void {
    // The callback besides `drain`, which Node 22 and 24 don't emit for what left a response by uncork(); and `drain`
    // besides the callback, which middleware that wraps write() may drop.
    this.#res.write(bytes, this.#onDrain);
  }

  end(): void {
    this.#res.end();
  }

  abort(): void {
    this.#res.destroy();
  }

  /** Beside fields that others set on the response before, such as CORS; those of the same name give way. */
  #setHeaders(headers: Headers): void {
    const res = this.#res;
    // Only where it is: Node gives a body without a length to a refusal whose content-length was ever removed.
    if (res.hasHeader("content-length")) res.removeHeader("content-length");
    for (const [name, value] of headers) {
      if (name === "set-cookie") res.appendHeader(name, value);
      else res.setHeader(name, value);
    }
  }

  /** A reader who leaves ends or resets the connection; what this side does to it leaves neither trace. */
  #leftByReader(): boolean {
    const { socket } = this.#req;
    return socket.readableEnded || socket.errored !== null;
  }
}
