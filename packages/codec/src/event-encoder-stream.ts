import { encodeEvent } from "./encode-event.ts";
import type { EncodedEvent } from "./encoded-event.ts";
import type { ServerSentEvent } from "./server-sent-event.ts";

/**
 * A transform stream that encodes each event with {@linkcode encodeEvent}; an event that can't be encoded errors the
 * stream with its `TypeError` or `RangeError`.
 *
 * @example
 * ```ts
 * import { EventEncoderStream, type ServerSentEvent } from "@ssekit/codec";
 *
 * const events = new ReadableStream<ServerSentEvent>({
 *   start(controller) {
 *     controller.enqueue({ data: "Hello" });
 *     controller.close();
 *   },
 * });
 * new Response(events.pipeThrough(new EventEncoderStream()), { headers: { "content-type": "text/event-stream" } });
 * ```
 */
export class EventEncoderStream extends TransformStream<ServerSentEvent, EncodedEvent> {
  /** Makes one, with the default queues of a `TransformStream`. */
  constructor() {
    super({
      transform(event: ServerSentEvent, controller: TransformStreamDefaultController<EncodedEvent>): void {
        controller.enqueue(encodeEvent(event));
      },
    });
  }
}
