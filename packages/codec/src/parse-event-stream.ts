import type { DispatchedEvent } from "./dispatched-event.ts";
import type { EventParser, ParserCallbacks, ParserOptions } from "./event-parser.ts";
import { createParser } from "./parser.ts";

/** Options of a stream of parsed events: the parser's, and what it shall tell besides events. */
export interface ParseEventStreamOptions
  extends ParserOptions,
    Pick<ParserCallbacks, "onComment" | "onReconnectionTime" | "onLastEventId"> {}

/**
 * Reads the events of a stream, by WHATWG HTML 9.2.6, at the pace of who iterates: one chunk is read at a time, and the
 * next one only when its events are taken. Leaving the loop cancels the stream, also while an event is waited for.
 * Status and content type of a response are not looked at, and nothing reconnects.
 *
 * The stream is locked from the call on, and released at the end. Its error, an event larger than `maxEventBytes` or
 * what a callback threw rejects the iteration, after the events before it; the last two also cancel the stream.
 *
 * @param source bytes or strings, cut anywhere, or a response with such a body.
 * @returns an iterator to be iterated once; `return()` does not wait for a `next()` that is pending.
 * @throws {TypeError} when the stream is locked, or the response has no body.
 * @throws {RangeError} when `maxEventBytes` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { parseEventStream } from "@ssekit/codec";
 *
 * const response = new Response("id: 1\ndata: Hello\n\n");
 * for await (const { type, data, lastEventId } of parseEventStream(response)) {
 *   console.log(type, data, lastEventId); // message Hello 1
 * }
 * ```
 */
export function parseEventStream(
  source: ReadableStream<Uint8Array | string> | Response,
  options: ParseEventStreamOptions = {},
): AsyncIterableIterator<DispatchedEvent> {
  const stream = "getReader" in source ? source : source.body;
  if (stream === null) {
    const { status } = source as Response;
    throw new TypeError(`Cannot parse a response without a body: its status is ${status}; check that first`);
  }
  if (stream.locked)
    throw new TypeError("Cannot parse a locked stream: another reader has it; parse it once, or tee it");
  return new EventIterator(stream, options);
}

const finished: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** By hand, for an async generator takes three promises an event, and can't be left while it waits for one. */
class EventIterator implements AsyncIterableIterator<DispatchedEvent> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array | string>;
  readonly #parser: EventParser;
  /** The events of the chunk that was read last, and how many of them are taken. */
  #events: DispatchedEvent[] = [];
  #taken = 0;
  /** What ends the iteration after these events. */
  #failure: { readonly error: unknown } | undefined;
  #finished = false;
  /** How many calls of `next` wait for a chunk, and the answer to the last of them. */
  #waiting = 0;
  #lastAnswer: Promise<IteratorResult<DispatchedEvent, undefined>> = Promise.resolve(finished);

  constructor(stream: ReadableStream<Uint8Array | string>, options: ParseEventStreamOptions) {
    const { onComment, onReconnectionTime, onLastEventId } = options;
    const callbacks: ParserCallbacks = {
      onEvent: (event) => {
        this.#events.push(event);
      },
      onComment,
      onReconnectionTime,
      onLastEventId,
      onError: (error) => {
        this.#failure = { error };
      },
    };
    this.#parser = createParser(callbacks, options);
    this.#reader = stream.getReader();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<DispatchedEvent, undefined>> {
    if (this.#waiting === 0 && this.#taken < this.#events.length) return Promise.resolve(this.#take());
    const wait = (): Promise<IteratorResult<DispatchedEvent, undefined>> => this.#wait();
    this.#lastAnswer = this.#waiting++ === 0 ? this.#wait() : this.#lastAnswer.then(wait, wait);
    return this.#lastAnswer;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#finished) await this.#cancel();
    return finished;
  }

  #take(): IteratorYieldResult<DispatchedEvent> {
    return { done: false, value: this.#events[this.#taken++] as DispatchedEvent };
  }

  async #wait(): Promise<IteratorResult<DispatchedEvent, undefined>> {
    try {
      while (this.#taken === this.#events.length) {
        if (this.#finished) return finished;
        if (this.#failure !== undefined) throw this.#failure.error;
        const { done, value } = await this.#reader.read();
        if (done) this.#finish();
        else this.#feed(value);
      }
      return this.#take();
    } catch (error) {
      // The error to tell is this one, whatever the cancellation says.
      if (!this.#finished) this.#cancel(error).catch(() => {});
      throw error;
    } finally {
      this.#waiting--;
    }
  }

  #feed(chunk: Uint8Array | string): void {
    this.#events = [];
    this.#taken = 0;
    try {
      this.#parser.feed(chunk);
    } catch (error) {
      this.#failure = { error };
    }
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#reader.releaseLock();
  }

  #cancel(reason?: unknown): Promise<void> {
    this.#parser.stop();
    this.#events = [];
    this.#taken = 0;
    const cancelled = this.#reader.cancel(reason);
    this.#finish();
    return cancelled;
  }
}
