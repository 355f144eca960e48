import type { ServerSentEvent } from "./server-sent-event.ts";

/** Options of {@linkcode asEvents}. */
export interface AsEventsOptions<Done> {
  /** Event type of each event; `message` when absent. */
  event?: string | undefined;
  /** The last event, once the source has ended well; none by default. */
  done?: ServerSentEvent<Done> | undefined;
}

/**
 * Makes an event of each value of a source, such as the tokens of a language model. The values are the `data`
 * as they are. Who leaves the loop cancels the source, also while a value is waited for; the source's error rejects
 * the iteration, and then no `done` is sent.
 *
 * @param source a stream, which is locked from the call on, or an async iterable.
 * @returns an iterator to be iterated once.
 * @throws {TypeError} when the source is a locked stream.
 *
 * @example
 * ```ts
 * import { asEvents, stringifyEvent } from "@ssekit/codec";
 *
 * async function* tokens(): AsyncGenerator<string> {
 *   yield "Hel";
 *   yield "lo";
 * }
 * for await (const event of asEvents(tokens(), { event: "token", done: { event: "done", data: "" } })) {
 *   console.log(stringifyEvent(event));
 * }
 * ```
 */
export function asEvents<Data, Done = Data>(
  source: AsyncIterable<Data> | ReadableStream<Data>,
  options: AsEventsOptions<Done> = {},
): AsyncIterableIterator<ServerSentEvent<Data | Done>> {
  const { event } = options;
  const values = "getReader" in source ? iteratorOf(source) : source[Symbol.asyncIterator]();
  let { done } = options;
  let left = false;
  // By hand, for an async generator can't be left while it waits for a value.
  return {
    async next() {
      if (left) return finished;
      try {
        const result = await values.next();
        if (left) return finished;
        if (result.done !== true) return { done: false, value: { event, data: result.value } };
      } catch (error) {
        left = true;
        throw error;
      }
      if (done === undefined) return finished;
      const value = done;
      done = undefined;
      return { done: false, value };
    },
    async return() {
      left = true;
      await values.return?.();
      return finished;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const finished: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A stream's own iterator lets `return` wait for a pending `next`, and WebKit lacks it. */
function iteratorOf<Value>(stream: ReadableStream<Value>): AsyncIterator<Value> {
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<Value>>,
    return: async () => {
      await reader.cancel();
      return finished;
    },
  };
}
