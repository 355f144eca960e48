import { EventStreamError } from "@ssekit/codec";
import { afterTurn } from "./after-turn.ts";
import type { HeaderList, Transport, TransportObserver } from "./transport.ts";

/** Bytes that wait in a `Response` before its reader is behind: as many as Node lets wait at a socket. */
const HIGH_WATER_MARK = 65_536;

/** The body asks for a chunk when its reader does, and keeps none. */
const NOTHING_AHEAD: QueuingStrategy<Uint8Array> = { highWaterMark: 0 };

/**
 * A transport that makes a `Response`, and gives it to `respond` when the head leaves. It is the source of the body
 * itself, and what the body's reader has not asked for waits here: to let the body count it, by a strategy that is asked
 * for the size of each chunk, costs Bun 4 KB a connection.
 */
export class ResponseTransport implements Transport, UnderlyingDefaultSource<Uint8Array> {
  readonly #signal: AbortSignal | undefined;
  /** Until the head has left, for it holds on to the response. */
  #respond: ((response: Response) => void) | undefined;
  #over = false;
  /** Whether there is nobody to close it for any more. */
  #gone = false;
  /** Whether the body ends once nothing waits. */
  #ends = false;
  /** Whether the reader has asked for what was not there. */
  #asked = false;
  /** While there are any, for a list that has emptied keeps the room that it had. */
  #waiting: Uint8Array[] | undefined;
  #bufferedBytes = 0;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #observer: TransportObserver | undefined;

  constructor(signal: AbortSignal | undefined, respond: (response: Response) => void) {
    this.#signal = signal;
    this.#respond = respond;
  }

  /** Whether the head has left. */
  get answered(): boolean {
    return this.#respond === undefined;
  }

  get highWaterMark(): number {
    return HIGH_WATER_MARK;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  observe(observer: TransportObserver): void {
    this.#observer = observer;
    if (this.#signal?.aborted) this.#leave();
    else this.#signal?.addEventListener("abort", this.#leave, { once: true });
  }

  answer(status: number, headers: HeaderList): void {
    this.#release();
    this.#answer(new Response(null, { status, headers: [...headers] }));
  }

  open(headers: HeaderList): void {
    // Not a stream of type "bytes": that one takes the buffer away from the other readers of the same bytes.
    this.#answer(new Response(new ReadableStream(this, NOTHING_AHEAD), { headers: [...headers] }));
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
  }

  pull(): void {
    const bytes = this.#waiting?.shift();
    if (this.#waiting?.length === 0) this.#waiting = undefined;
    if (bytes === undefined) {
      this.#asked = true;
      return;
    }
    this.#bufferedBytes -= bytes.length;
    this.#controller?.enqueue(bytes);
    this.#closeIfTaken();
    this.#observer?.onDrain();
  }

  cancel(): void {
    this.#release();
    this.#drop();
    this.#observer?.onClose("client");
  }

  write(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#asked) {
      this.#asked = false;
      this.#controller?.enqueue(bytes);
    } else {
      if (this.#waiting === undefined) this.#waiting = [bytes];
      else this.#waiting.push(bytes);
      this.#bufferedBytes += bytes.length;
    }
  }

  end(): void {
    if (this.#release() === undefined) return;
    // In a later turn than the one that opened it, or Bun takes it for a response that is whole and has a length
    // (RULES B11). By then the reader may have left, or been dropped (RULES B21).
    afterTurn(() => {
      this.#ends = true;
      this.#closeIfTaken();
    });
  }

  abort(): void {
    this.#release();
    this.#drop();
    // An error and not the end, so that the reader can tell; also of a response that was ended.
    this.#controller?.error(
      new EventStreamError(
        "closed",
        "Cannot read on: the event stream was dropped, for its reader took nothing; connect again",
      ),
    );
    this.#answerNobody();
  }

  readonly #leave = (): void => {
    this.#release()?.close();
    this.#drop();
    this.#answerNobody();
    this.#observer?.onClose("client");
  };

  /** Gives the controller to whoever closes it, once, for closing it again would throw (RULES B21). */
  #release(): ReadableStreamDefaultController<Uint8Array> | undefined {
    this.#signal?.removeEventListener("abort", this.#leave);
    if (this.#over) return undefined;
    this.#over = true;
    return this.#controller;
  }

  #drop(): void {
    this.#gone = true;
    this.#waiting = undefined;
    this.#bufferedBytes = 0;
  }

  #closeIfTaken(): void {
    if (this.#ends && !this.#gone && this.#waiting === undefined) this.#controller?.close();
  }

  #answer(response: Response): void {
    const respond = this.#respond;
    this.#respond = undefined;
    respond?.(response);
  }

  /** The framework still waits for a response; if it is read after all, it says "come back". */
  #answerNobody(): void {
    if (!this.answered) this.#answer(new Response(null, { headers: { "content-type": "text/event-stream" } }));
  }
}
