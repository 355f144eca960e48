import { EventStreamError } from "@ssekit/codec";
import { afterTurn } from "./after-turn.ts";
import type { HeaderList, Transport, TransportObserver } from "./transport.ts";

/** Bytes that wait in a `Response` before its reader is behind: as many as Node lets wait at a socket. */
const HIGH_WATER_MARK = 65_536;

/** A transport that makes a `Response`, and gives it to `respond` when the head leaves. */
export class ResponseTransport implements Transport {
  readonly highWaterMark: number = HIGH_WATER_MARK;
  readonly #signal: AbortSignal;
  readonly #respond: (response: Response) => void;
  #answered = false;
  #over = false;
  /** Whether there is nobody to close it for any more. */
  #gone = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #observer: TransportObserver | undefined;

  constructor(request: Request, respond: (response: Response) => void) {
    this.#signal = request.signal;
    this.#respond = respond;
  }

  /** Whether the head has left. */
  get answered(): boolean {
    return this.#answered;
  }

  get bufferedBytes(): number {
    const size = this.#controller?.desiredSize ?? this.highWaterMark;
    // What has closed and is empty says 0 as well.
    return this.#over && size === 0 ? 0 : this.highWaterMark - size;
  }

  observe(observer: TransportObserver): void {
    this.#observer = observer;
    if (this.#signal.aborted) this.#leave();
    else this.#signal.addEventListener("abort", this.#leave, { once: true });
  }

  answer(status: number, headers: HeaderList): void {
    this.#release();
    this.#answer(new Response(null, { status, headers: [...headers] }));
  }

  open(headers: HeaderList): void {
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#observer?.onDrain(),
      cancel: () => {
        this.#release();
        this.#gone = true;
        this.#observer?.onClose("client");
      },
    };
    // Not a stream of type "bytes": that one takes the buffer away from the other readers of the same bytes.
    const queue = new ByteLengthQueuingStrategy({ highWaterMark: this.highWaterMark });
    this.#answer(new Response(new ReadableStream(source, queue), { headers: [...headers] }));
  }

  write(bytes: Uint8Array): void {
    if (!this.#over) this.#controller?.enqueue(bytes);
  }

  end(): void {
    const controller = this.#release();
    if (controller === undefined) return;
    // In a later turn than the one that opened it, or Bun takes it for a response that is whole and has a length
    // (RULES B11). By then the reader may have left, or been dropped (RULES B21).
    afterTurn(() => {
      if (!this.#gone) controller.close();
    });
  }

  abort(): void {
    this.#release();
    this.#gone = true;
    // An error and not the end, for only an error drops what is queued, also of a response that was ended.
    this.#controller?.error(new EventStreamError("closed", "The event stream was dropped: its reader did not take it"));
    this.#answerNobody();
  }

  readonly #leave = (): void => {
    this.#release()?.close();
    this.#answerNobody();
    this.#observer?.onClose("client");
  };

  /** Gives the controller to whoever closes it, once, for closing it again would throw (RULES B21). */
  #release(): ReadableStreamDefaultController<Uint8Array> | undefined {
    this.#signal.removeEventListener("abort", this.#leave);
    if (this.#over) return undefined;
    this.#over = true;
    return this.#controller;
  }

  #answer(response: Response): void {
    this.#answered = true;
    this.#respond(response);
  }

  /** The framework still waits for a response; if it is read after all, it says "come back". */
  #answerNobody(): void {
    if (!this.#answered) this.#answer(new Response(null, { headers: { "content-type": "text/event-stream" } }));
  }
}
