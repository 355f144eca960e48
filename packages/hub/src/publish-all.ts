import type { ServerSentEvent } from "@ssekit/codec";
import type { HubEvent, PublishOptions } from "./hub.ts";

/**
 * What `publishAll` drains: something that gives events one after the other, such as an async generator or the body of
 * a model's answer, or a function that opens one and is told by a signal when to stop.
 */
export type PublishAllSource<Inputs = unknown> =
  | AsyncIterable<HubEvent<Inputs>>
  | ReadableStream<HubEvent<Inputs>>
  | ((signal: AbortSignal) => AsyncIterable<HubEvent<Inputs>> | ReadableStream<HubEvent<Inputs>>);

/** Options of `Hub.publishAll`. */
export interface PublishAllOptions extends PublishOptions {
  /** Stops it: the source is left, and the topic ended. */
  signal?: AbortSignal;
  /**
   * For how long nobody may read the topic, on any node, before the source is left and the topic ended; in milliseconds,
   * kept to a quarter. Default: it goes on whoever reads.
   */
  abandonAfter?: number;
}

/**
 * How it came that no more is published: the source is `done`, the topic was `ended` by somebody, nobody read it for
 * too long (`abandoned`), or the caller's signal `aborted`.
 */
export type PublishAllOutcome = "done" | "ended" | "abandoned" | "aborted";

/** One source on its way into a topic. */
export class Publication {
  readonly #stopping = new AbortController();
  #outcome: PublishAllOutcome = "done";

  /** Leaves the source; the first reason counts. */
  stop(outcome: PublishAllOutcome): void {
    if (this.#stopping.signal.aborted) return;
    this.#outcome = outcome;
    this.#stopping.abort();
  }

  /**
   * Publishes all that the source gives. Rejects with what the source throws, or an event of it is refused for.
   *
   * @param onError hears what leaving the source throws
   */
  run(
    source: PublishAllSource,
    publish: (event: ServerSentEvent<unknown>) => Promise<unknown>,
    onError: (error: unknown) => void,
  ): Promise<PublishAllOutcome> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#stopping;
      const { next, leave } = open(typeof source === "function" ? source(signal) : source);
      // Not waited for: a generator hears that it is left only after the step that it is in.
      const abandon = (): void => {
        leave().catch(onError);
        resolve(this.#outcome);
      };
      if (signal.aborted) return abandon();
      signal.addEventListener("abort", abandon, { once: true });

      async function drive(): Promise<PublishAllOutcome> {
        for (;;) {
          const { done, value } = await next();
          if (done || signal.aborted) return "done";
          try {
            await publish(value as ServerSentEvent<unknown>);
          } catch (error) {
            leave().catch(onError);
            if ((error as { code?: unknown } | undefined)?.code === "ended") return "ended";
            throw error;
          }
        }
      }
      drive()
        .finally(() => signal.removeEventListener("abort", abandon))
        .then(resolve, reject);
    });
  }
}

interface OpenSource {
  next(): Promise<{ done?: boolean | undefined; value?: ServerSentEvent<unknown> | undefined }>;
  leave(): Promise<unknown>;
}

function open(source: AsyncIterable<ServerSentEvent<unknown>> | ReadableStream<ServerSentEvent<unknown>>): OpenSource {
  if (typeof source !== "object" || source === null) {
    throw new TypeError(`Cannot publish events from ${String(source)}: give an async iterable or a ReadableStream`);
  }
  if ("getReader" in source) {
    // Not by its async iterator, whose return() waits for the read that is pending: cancel() reaches the source at once.
    const reader = source.getReader();
    return { next: () => reader.read(), leave: () => reader.cancel() };
  }
  const iterator = source[Symbol.asyncIterator]();
  return { next: () => iterator.next(), leave: async () => iterator.return?.() };
}
