import { createEventStream } from "./create-event-stream.ts";
import type { EventStream, ServerSentEventSource } from "./event-stream.ts";
import type { EventStreamInit } from "./event-stream-init.ts";
import { reportTo } from "./report-to.ts";
import { ResponseTransport } from "./response-transport.ts";

/** What fills a response: a callback that is given the open stream, or a source that is sent and then ends it. */
export type EventStreamBody = ((stream: EventStream) => unknown) | ServerSentEventSource;

/**
 * Answers a `Request` with an event stream, in any framework that speaks `Request` and `Response`.
 *
 * A callback opens: the stream stays open after it has returned, until either side closes it. An iterable or a
 * `ReadableStream` drives and ends: its events go out at the reader's pace, and the stream closes with reason `end`.
 * The promise fulfils when the head is decided: at the end of the turn, or of a hold. If the body throws before that,
 * the promise rejects with it, for the framework's own error page; later `init.onError` hears of it and the stream
 * closes with reason `error`, without a word to the reader.
 *
 * `HEAD` and what `Accept` excludes are answered without calling the body; a source is cancelled or returned.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/server";
 *
 * const request = new Request("http://localhost/events");
 * const response = await eventStreamResponse(request, (stream) => {
 *   stream.send({ data: "Hello world!" });
 *   stream.close();
 * });
 * await response.text(); // ": \n\ndata: Hello world!\n\n"
 * ```
 *
 * @throws {TypeError | RangeError} when an option is wrong.
 */
export function eventStreamResponse(
  request: Request,
  body: EventStreamBody,
  init: EventStreamInit = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const transport = new ResponseTransport(request, resolve);
    const stream = createEventStream(request, transport, init);
    if (typeof body === "function" && stream.signal.aborted) return;

    fill(stream, body).catch((error: unknown) => {
      if (transport.answered) reportTo(init.onError, error);
      else reject(error);
      stream.close("error");
    });
  });
}

async function fill(stream: EventStream, body: EventStreamBody): Promise<void> {
  if (typeof body === "function") {
    await body(stream);
  } else {
    await stream.sendAll(body);
    stream.close("end");
  }
}
