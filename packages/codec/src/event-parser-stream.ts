import type { DispatchedEvent } from "./dispatched-event.ts";
import type { ParseEventStreamOptions } from "./parse-event-stream.ts";
import { createParser } from "./parser.ts";

/**
 * A transform stream from bytes or strings, cut anywhere, to events (WHATWG HTML 9.2.6). An event larger than
 * `maxEventBytes`, or what a callback throws, errors the stream, and events that wait in its queue are lost with it.
 * To iterate, `parseEventStream` is faster, and loses none.
 *
 * @example
 * ```ts
 * import { EventParserStream } from "@ssekit/codec";
 *
 * const { body } = new Response("data: Hello\n\n");
 * await body?.pipeThrough(new EventParserStream()).pipeTo(
 *   new WritableStream({ write: ({ type, data }) => console.log(type, data) }), // message Hello
 * );
 * ```
 */
export class EventParserStream extends TransformStream<Uint8Array | string, DispatchedEvent> {
  /**
   * Makes one, with the default queues of a `TransformStream`.
   *
   * @throws {RangeError} when `maxEventBytes` is not a whole number of at least 1.
   */
  constructor(options: ParseEventStreamOptions = {}) {
    const { onComment, onReconnectionTime, onLastEventId } = options;
    let controller: TransformStreamDefaultController<DispatchedEvent>;
    const parser = createParser(
      {
        onEvent: (event) => controller.enqueue(event),
        onComment,
        onReconnectionTime,
        onLastEventId,
        onError: (error) => controller.error(error),
      },
      options,
    );
    super({
      start(ours): void {
        controller = ours;
      },
      transform(chunk): void {
        parser.feed(chunk);
      },
    });
  }
}
