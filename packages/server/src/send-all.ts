import type { ServerSentEvent } from "@ssekit/codec";
import type { EventStream, ServerSentEventSource } from "./event-stream.ts";

/** Drives a source into a stream: see `EventStream.sendAll`. `onError` hears what leaving the source throws. */
export function sendAll(
  stream: EventStream,
  source: ServerSentEventSource,
  { onError }: { onError: (error: unknown) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { next, leave } = openSource(source);
    const { signal } = stream;
    // Not waited for: a generator hears that it is left only after the step that it is in, and the reader is gone.
    const abandon = (): void => {
      leave().catch(onError);
      resolve();
    };
    if (signal.aborted) return abandon();
    signal.addEventListener("abort", abandon, { once: true });

    async function drive(): Promise<void> {
      for (;;) {
        if (stream.desiredSize <= 0) await stream.ready;
        if (signal.aborted) return;
        const { done, value } = await next();
        if (done || signal.aborted) return;
        try {
          stream.send(value as ServerSentEvent<unknown>);
        } catch (refused) {
          leave().catch(onError);
          throw refused;
        }
      }
    }
    drive()
      .finally(() => signal.removeEventListener("abort", abandon))
      .then(resolve, reject);
  });
}

interface OpenSource {
  next(): Promise<{ done?: boolean | undefined; value?: ServerSentEvent<unknown> | undefined }>;
  leave(): Promise<unknown>;
}

function openSource(source: ServerSentEventSource): OpenSource {
  if (typeof source !== "object" || source === null) {
    throw new TypeError(`Cannot send events from ${String(source)}: give an async iterable or a ReadableStream`);
  }
  if ("getReader" in source) {
    // Not by its async iterator, whose return() waits for the read that is pending: cancel() reaches the source at once.
    const reader = source.getReader();
    return { next: () => reader.read(), leave: () => reader.cancel() };
  }
  const iterator = source[Symbol.asyncIterator]();
  return { next: () => iterator.next(), leave: async () => iterator.return?.() };
}
