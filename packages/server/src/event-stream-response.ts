import { createEventStream } from "./create-event-stream.ts";
import type { EventStream, ServerSentEventSource } from "./event-stream.ts";
import type { EventStreamInit } from "./event-stream-init.ts";
import { reportTo } from "./report-to.ts";
import { ResponseTransport } from "./response-transport.ts";
import type { RequestHead } from "./transport.ts";

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
 * Without a `signal` in the request, a reader who leaves is heard of by the response's body alone.
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
  request: RequestHead & { readonly signal?: AbortSignal },
  body: EventStreamBody,
  init: EventStreamInit = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const transport = new ResponseTransport(request.signal, resolve);
    const stream = createEventStream(request, transport, init);
    const fail = (error: unknown): void => {
      if (transport.answered) reportTo(init.onError, error);
      else reject(error);
      stream.close("error");
    };
    if (typeof body !== "function") {
      stream.sendAll(body).then(() => stream.close("end"), fail);
    } else if (stream.desiredSize > 0) {
      // Room is what tells that it is open: its signal would be made for this alone.
      call(body, stream, fail);
    }
  });
}

/** Most bodies give nothing to wait for, and then no promise is made: there may be very many streams. */
function call(body: (stream: EventStream) => unknown, stream: EventStream, fail: (error: unknown) => void): void {
  try {
    const given = body(stream);
    if (given !== undefined) Promise.resolve(given).catch(fail);
  } catch (error) {
    fail(error);
  }
}
