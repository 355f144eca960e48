import { createParser, type DispatchedEvent, type EventParser } from "@ssekit/codec";
import type { HeaderList, Transport, TransportObserver } from "../transport.ts";

/** Bytes that wait before a reader is behind, as at a socket. */
const HIGH_WATER_MARK = 65_536;

/** Bytes that an operating system was seen to take for a reader that takes none (HUB C1). */
const SYSTEM_BUFFER = 4_194_304;

/** Options of {@linkcode MemoryTransport}. */
export interface MemoryTransportOptions {
  /** Bytes that may wait before the reader is behind. Default: 65,536. */
  highWaterMark?: number;
  /** Whether the reader left before the stream was opened. Default: `false`. */
  gone?: boolean;
}

/**
 * A response without a network, and the reader at its other end, whom the test directs: one who takes all, stops, takes
 * a little, vanishes without a word, or leaves.
 *
 * @example
 * ```ts
 * import { openMemoryStream } from "@ssekit/server/testing";
 *
 * const { stream, transport, clock } = openMemoryStream({ maxBufferedBytes: 1_000 });
 * transport.reading = false;
 * for (let n = 0; n < 2; n++) {
 *   stream.send({ data: "x".repeat(1_000) });
 *   clock.endTurn();
 * }
 * console.log(await stream.closed); // overflow
 * ```
 */
export class MemoryTransport implements Transport {
  /** Bytes that may wait before the reader is behind. */
  readonly highWaterMark: number;
  /** What `open` and `write` throw, if anything. */
  failure: Error | undefined;
  /** The status that was answered; `undefined` until the head has left. */
  status: number | undefined;
  /** The header fields that were answered. */
  headers: Headers | undefined;
  /** Each write as text, whether it has arrived or not. */
  readonly writes: string[] = [];
  /** `answer`, `end` and `abort`, as the stream called them. */
  readonly ends: ("answer" | "end" | "abort")[] = [];
  /** What the reader got, in order. */
  readonly events: DispatchedEvent[] = [];

  readonly #parser: EventParser = createParser({ onEvent: (event) => this.events.push(event) });
  readonly #gone: boolean;
  #observer: TransportObserver | undefined;
  #reading = true;
  #waiting: Uint8Array[] = [];
  /** Bytes that the system still takes for a reader who has vanished. */
  #systemBuffer: number | undefined;

  /** A response whose reader takes all that comes. */
  constructor({ highWaterMark = HIGH_WATER_MARK, gone = false }: MemoryTransportOptions = {}) {
    this.highWaterMark = highWaterMark;
    this.#gone = gone;
  }

  /** Bytes that wait for the reader. */
  get bufferedBytes(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  /** All that was written, whether it has arrived or not. */
  get text(): string {
    return this.writes.join("");
  }

  /** Whether the reader takes what comes. `false`: a stalled reader, for whom it waits; `true` again: it gets all. */
  get reading(): boolean {
    return this.#reading;
  }

  set reading(reading: boolean) {
    this.#reading = reading;
    if (reading) this.drain();
  }

  /** Names who hears of drain and close. */
  observe(observer: TransportObserver): void {
    this.#observer = observer;
    if (this.#gone) observer.onClose("client");
  }

  /** Keeps a status without a body. */
  answer(status: number, headers: HeaderList): void {
    this.status = status;
    this.headers = new Headers([...headers]);
    this.ends.push("answer");
  }

  /** Keeps the head of a 200. */
  open(headers: HeaderList): void {
    if (this.failure !== undefined) throw this.failure;
    this.status = 200;
    this.headers = new Headers([...headers]);
  }

  /** Keeps a write, and hands it to the reader, if that one reads. */
  write(bytes: Uint8Array): void {
    if (this.failure !== undefined) throw this.failure;
    this.writes.push(new TextDecoder().decode(bytes));
    if (this.#systemBuffer !== undefined) {
      const taken = Math.min(this.#systemBuffer, bytes.length);
      this.#systemBuffer -= taken;
      if (taken < bytes.length) this.#waiting.push(bytes.subarray(taken));
    } else if (this.#reading) this.#parser.feed(bytes);
    else this.#waiting.push(bytes);
  }

  /** Notes the end, which comes after what waits. */
  end(): void {
    this.ends.push("end");
  }

  /** Notes that the response was dropped, with all that waits. */
  abort(): void {
    this.ends.push("abort");
    this.#waiting = [];
  }

  /** Lets a reader who has stalled take so many of the bytes that wait; by default all. */
  drain(bytes: number = this.bufferedBytes): void {
    if (this.#systemBuffer !== undefined) return;
    let left = bytes;
    while (left > 0) {
      const [first] = this.#waiting;
      if (first === undefined) break;
      this.#parser.feed(first.subarray(0, left));
      if (left < first.length) this.#waiting[0] = first.subarray(left);
      else this.#waiting.shift();
      left -= first.length;
    }
    this.#observer?.onDrain();
  }

  /**
   * Leaves the connection half open: the reader's machine is gone, and nobody says so. The system takes so many bytes
   * that arrive nowhere, 4 MiB by default, and what follows waits for ever. `leave` is the system giving up.
   */
  vanish(systemBuffer: number = SYSTEM_BUFFER): void {
    this.#systemBuffer = systemBuffer;
  }

  /** Ends the connection: the reader leaves, by default. */
  leave(reason: "client" | "server" | "error" = "client", error?: unknown): void {
    this.#observer?.onClose(reason, error);
  }
}
