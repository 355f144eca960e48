import { type DispatchedEvent, parseEventStream } from "@ssekit/codec";

/** Milliseconds for which `readEvents` reads, where `timeout` is not given. */
export const DEFAULT_READ_TIMEOUT = 2_000;

/** When {@linkcode readEvents} has read enough: whichever comes first; by default the end of the response. */
export interface ReadEventsOptions {
  /** So many events, at least 1. */
  count?: number;
  /** The first event for which it gives `true`; that one is read too. */
  until?: (event: DispatchedEvent) => boolean;
  /** Milliseconds after which it fails. Default: {@linkcode DEFAULT_READ_TIMEOUT}. */
  timeout?: number;
}

/**
 * Reads events from a response, or from a URL that it fetches, and leaves: the server sees its reader go.
 *
 * @throws {TypeError} when the response is no event stream: its status is not 200, or its type is another.
 * @throws {RangeError} when `count` is less than 1.
 * @throws {DOMException} named `TimeoutError` when the time is up; it says what had come by then.
 *
 * @example
 * ```ts
 * import { eventStreamResponse } from "@ssekit/server";
 * import { readEvents } from "@ssekit/server/testing";
 *
 * const request = new Request("http://localhost/events");
 * const response = await eventStreamResponse(request, (stream) => stream.send({ data: "Hello" }));
 * console.log(await readEvents(response, { count: 1 })); // [{ type: "message", data: "Hello", lastEventId: "" }]
 * ```
 */
export async function readEvents(
  source: Response | URL | string,
  options: ReadEventsOptions = {},
): Promise<DispatchedEvent[]> {
  const { count = Number.POSITIVE_INFINITY, until, timeout = DEFAULT_READ_TIMEOUT } = options;
  if (!(count >= 1)) throw new RangeError(`Cannot read ${count} events: ask for at least 1`);

  const events: DispatchedEvent[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  const timer = setTimeout(() => abort.abort(timeoutError(timeout, events)), timeout);
  try {
    const response = await respond(source, signal);
    const reading = parseEventStream(response);
    // What cancelling fails with is nobody's concern: who left is not waiting for it.
    signal.addEventListener("abort", () => void reading.return?.().catch(() => {}));
    for await (const event of reading) {
      events.push(event);
      if (events.length >= count || until?.(event) === true) break;
    }
    signal.throwIfAborted();
    return events;
  } finally {
    clearTimeout(timer);
  }
}

async function respond(source: Response | URL | string, signal: AbortSignal): Promise<Response> {
  const fetched = typeof source === "string" || source instanceof URL;
  const response = fetched
    ? await fetch(source, { headers: { accept: "text/event-stream" }, cache: "no-store", signal })
    : source;
  const type = response.headers.get("content-type");
  if (response.status === 200 && /^text\/event-stream\s*(;|$)/i.test(type ?? "")) return response;
  await response.body?.cancel();
  throw new TypeError(
    `Cannot read events from ${fetched ? source : "a response"}: it has status ${response.status} and type ${type}; ` +
      "give one with 200 and text/event-stream",
  );
}

function timeoutError(timeout: number, events: readonly DispatchedEvent[]): DOMException {
  return new DOMException(
    `Cannot read all events within ${timeout} ms: what came is ${JSON.stringify(events)}`,
    "TimeoutError",
  );
}
