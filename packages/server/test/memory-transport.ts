import type { Transport, TransportObserver } from "../src/transport.ts";

/** A response that keeps what it is given. */
export class MemoryTransport implements Transport {
  highWaterMark = 100;
  /** What writes give back to the network at once; a test sets it to `false` for a reader that takes nothing. */
  reading = true;
  /** What `open` and `write` throw, if anything. */
  failure: Error | undefined;
  bufferedBytes = 0;
  status: number | undefined;
  headers: Headers | undefined;
  readonly writes: string[] = [];
  /** `answer`, `end` and `abort`, as they came. */
  readonly ends: string[] = [];
  #observer: TransportObserver | undefined;
  #gone: boolean;

  constructor({ gone = false }: { gone?: boolean } = {}) {
    this.#gone = gone;
  }

  /** All that was written. */
  get text(): string {
    return this.writes.join("");
  }

  observe(observer: TransportObserver): void {
    this.#observer = observer;
    if (this.#gone) observer.onClose("client");
  }

  answer(status: number, headers: Headers): void {
    this.status = status;
    this.headers = headers;
    this.ends.push("answer");
  }

  open(headers: Headers): void {
    if (this.failure !== undefined) throw this.failure;
    this.status = 200;
    this.headers = headers;
  }

  write(bytes: Uint8Array): void {
    if (this.failure !== undefined) throw this.failure;
    this.writes.push(new TextDecoder().decode(bytes));
    if (!this.reading) this.bufferedBytes += bytes.length;
  }

  end(): void {
    this.ends.push("end");
  }

  abort(): void {
    this.ends.push("abort");
  }

  /** Lets the reader take this many of the bytes that wait; by default all. */
  drain(bytes: number = this.bufferedBytes): void {
    this.bufferedBytes -= bytes;
    this.#observer?.onDrain();
  }

  /** Ends the connection from outside. */
  leave(reason: "client" | "server" | "error" = "client", error?: unknown): void {
    this.#observer?.onClose(reason, error);
  }
}
