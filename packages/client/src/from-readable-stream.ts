/**
 * `EventSource` on a stream of the program's own, as `EventSource.fromReadableStream()` in the draft
 * https://github.com/whatwg/html/pull/12272. A function here, so that only who uses it carries it.
 *
 * @example
 * ```ts
 * import { fromReadableStream } from "@ssekit/client/from-readable-stream";
 *
 * const stream = new Blob(["id: 1\n", "data: Hello\n\n"]).stream();
 * const source = fromReadableStream(stream);
 * source.onmessage = ({ data, lastEventId }) => console.log(data, lastEventId);
 * source.onerror = () => console.log("It is over, or broken off");
 * ```
 *
 * @module
 */
import { createParser, type DispatchedEvent } from "@ssekit/codec";
import { DEFAULT_RECONNECTION_TIME, EventSource } from "./event-source.ts";
import { nextTask, queueTask } from "./queue-task.ts";

/** An `EventSource` on a stream. Its `url` is `about:event-stream`, and the origin of its events `null`. */
export interface StreamEventSource extends EventSource {
  /** The last event ID that the stream has set: what a new request would send as `Last-Event-ID`. */
  readonly lastEventId: string;
  /** Milliseconds to wait before a new request, as the stream has set them; 3 000 until then. */
  readonly reconnectionTime: number;
  /** Discards a line and a block that are not finished: what comes next is the beginning of a new stream. */
  reset(): void;
}

/**
 * Reads events from a stream of bytes, such as the body of a response. The end of the stream fires `error` and closes
 * the source for good, as does its failure; `close()` cancels the stream.
 *
 * To reconnect, pipe one response after another into the writable side of a `TransformStream`, with `preventClose`, and
 * call `reset()` between them.
 *
 * @throws {TypeError} If the stream is locked.
 */
export function fromReadableStream(stream: ReadableStream<Uint8Array>): StreamEventSource {
  if (stream.locked)
    throw new TypeError("Cannot read events from the stream: it is locked; give one that nobody reads");
  return new ReaderEventSource(stream.getReader());
}

/** Stands for the response: an event stream that says nothing, for as long as it is read. */
const response = (): Response =>
  new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });

class ReaderEventSource extends EventSource implements StreamEventSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #parser = createParser({
    // Queued before the chunk's end is, so that the next one is read when all of it is dispatched.
    onEvent: (event) => queueTask(() => this.#dispatch(event)),
    onReconnectionTime: (ms) => {
      this.#reconnectionTime = ms;
    },
  });
  #reconnectionTime = DEFAULT_RECONNECTION_TIME;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    super("about:event-stream", { fetch: async () => response() });
    this.#reader = reader;
    this.addEventListener("open", () => void this.#read(), { once: true });
  }

  get lastEventId(): string {
    return this.#parser.lastEventId;
  }

  get reconnectionTime(): number {
    return this.#reconnectionTime;
  }

  reset(): void {
    this.#parser.end();
  }

  override close(): void {
    super.close();
    this.#reader.cancel().catch(() => {});
  }

  async #read(): Promise<void> {
    try {
      for (let chunk = await this.#reader.read(); !chunk.done; chunk = await this.#reader.read()) {
        this.#parser.feed(chunk.value);
        await nextTask();
      }
    } catch {
      // A stream that breaks off is over.
    }
    await nextTask();
    if (this.readyState === EventSource.CLOSED) return;
    this.close();
    this.dispatchEvent(new Event("error"));
  }

  #dispatch({ type, data, lastEventId }: DispatchedEvent): void {
    if (this.readyState === EventSource.CLOSED) return;
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin: "null" }));
  }
}
