import type { IncomingMessage, ServerResponse } from "node:http";
import type { HeaderList, Transport, TransportObserver } from "@ssekit/server";
import { frameChunk } from "./direct-write.ts";
import { answerStatus, writeHead } from "./write-head.ts";

/** A transport over the pair that `node:http` hands to a request listener: HTTP/1.1 and 1.0. */
export class NodeTransport implements Transport {
  /** Not `res.req`, which tools that run a handler in memory make up. */
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #mayPassBy: (res: ServerResponse, begun: boolean) => boolean;
  #onDrain: () => void = () => {};
  #begun = false;
  #awaitsDrain = false;
  #direct = false;

  /** `mayPassBy` says at each write whether it may go straight to the socket. */
  constructor(req: IncomingMessage, res: ServerResponse, mayPassBy: (res: ServerResponse, begun: boolean) => boolean) {
    this.#req = req;
    this.#res = res;
    this.#mayPassBy = mayPassBy;
  }

  get bufferedBytes(): number {
    return this.#res.writableLength;
  }

  get unsentBytes(): number | undefined {
    // What Node's own socket time-out goes by: all public counts stand still until a write has left as a whole.
    const socket = this.#res.socket as { _handle?: { writeQueueSize?: number } | null } | null;
    return socket?._handle?.writeQueueSize;
  }

  get highWaterMark(): number {
    return this.#res.writableHighWaterMark;
  }

  get writePath(): "socket" | "response" {
    return this.#direct ? "socket" : "response";
  }

  observe(observer: TransportObserver): void {
    const res = this.#res;
    const { socket } = this.#req;
    this.#onDrain = observer.onDrain;
    const onClose = (): void => {
      socket.off("close", onClose);
      socket.off("drain", this.#onDrain);
      observer.onClose(this.#leftByReader() ? "client" : "server");
    };
    res.on("error", (error) => observer.onClose("error", error));
    res.on("close", onClose);
    // On Node 22 a pipelined response that still waits for its turn does not hear of the end of its connection.
    if (res.socket === null) socket.on("close", onClose);
    if (res.destroyed) onClose();
  }

  awaitDrain(): void {
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#res.on("drain", this.#onDrain);
    // What went straight to the socket drains there, and `res` never hears of it.
    this.#req.socket.on("drain", this.#onDrain);
  }

  answer(status: number, headers: HeaderList): void {
    answerStatus(this.#res, status, headers);
  }

  open(headers: HeaderList): void {
    // Not flushHeaders(): so the head waits for the first write, and both leave in one packet.
    writeHead(this.#res, headers);
  }

  write(bytes: Uint8Array): void {
    this.#direct = this.#mayPassBy(this.#res, this.#begun);
    if (this.#direct) {
      // A quarter less CPU for one event at a time (HUB A5): no pieces, no callback, and one frame for all readers.
      this.#res.socket?.write(frameChunk(bytes));
    } else {
      // The callback besides `drain`, which Node 22 and 24 don't emit for what left a response by uncork(); and `drain`
      // besides the callback, which middleware that wraps write() may drop.
      this.#res.write(bytes, this.#begun ? this.#onDrain : (error) => this.#begin(error));
    }
  }

  end(): void {
    // Node 22 and 24 write the end before what waits under the cork() of others.
    while (this.#res.writableCorked > 0) this.#res.uncork();
    this.#res.end();
  }

  abort(): void {
    this.#res.destroy();
  }

  #begin(error: Error | null | undefined): void {
    this.#begun = !error;
    this.#onDrain();
  }

  /** A reader who leaves ends or resets the connection; what this side does to it cancels at most what was to leave. */
  #leftByReader(): boolean {
    const { readableEnded, errored } = this.#req.socket;
    return readableEnded || (errored !== null && (errored as NodeJS.ErrnoException).code !== "ECANCELED");
  }
}
