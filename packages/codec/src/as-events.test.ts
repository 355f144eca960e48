import { describe, expect, it } from "vitest";
import { asEvents } from "./as-events.ts";
import type { ServerSentEvent } from "./server-sent-event.ts";

describe("asEvents()", () => {
  it("makes an event of each value of a stream and of an async iterable", async () => {
    const events = [{ data: "Hel" }, { data: "lo" }];
    expect(await collect(asEvents(streamOf("Hel", "lo").stream))).toEqual(events);
    expect(await collect(asEvents(iterableOf(["Hel", "lo"])))).toEqual(events);
  });

  it("gives each the type, and ends with the last event as it is", async () => {
    const done = { event: "done", data: "[DONE]", id: "9" };
    expect(await collect(asEvents(streamOf("Hel", "lo").stream, { event: "token", done }))).toEqual([
      { event: "token", data: "Hel" },
      { event: "token", data: "lo" },
      done,
    ]);
    expect(await collect(asEvents(streamOf<string>().stream, { done: { data: "[DONE]" } }))).toEqual([
      { data: "[DONE]" },
    ]);
  });

  it("passes data of any type through", async () => {
    const events: AsyncIterable<ServerSentEvent<{ token: string }>> = asEvents(iterableOf([{ token: "a" }]));
    expect(await collect(events)).toEqual([{ data: { token: "a" } }]);
    const mixed: AsyncIterable<ServerSentEvent<number | string>> = asEvents(iterableOf([1]), { done: { data: "end" } });
    expect(await collect(mixed)).toEqual([{ data: 1 }, { data: "end" }]);
    // @ts-expect-error a last event with a type but without data would never fire
    asEvents(iterableOf([1]), { done: { event: "done" } });
  });

  it("rejects with the source's error, and then sends no last event", async () => {
    const events = asEvents(iterableOf(["a"], new Error("model")), { done: { data: "[DONE]" } });
    expect(await events.next()).toEqual({ done: false, value: { data: "a" } });
    await expect(events.next()).rejects.toThrow("model");
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it("sends the last event once, also to concurrent calls of next()", async () => {
    const events = asEvents(streamOf("a").stream, { done: { data: "[DONE]" } });
    const answers = await Promise.all([events.next(), events.next(), events.next()]);
    expect(answers.map(({ value }) => value)).toEqual([{ data: "a" }, { data: "[DONE]" }, undefined]);
  });

  it("cancels a stream when the loop is left", async () => {
    const source = streamOf("a", "b");
    for await (const _ of asEvents(source.stream, { done: { data: "[DONE]" } })) break;
    expect(source.cancelled).toBe(1);
  });

  it("returns an iterator when the loop is left, then asks it no more and sends no last event", async () => {
    const calls: string[] = [];
    const source: AsyncIterableIterator<string> = {
      next: () => Promise.resolve({ done: false, value: `value ${calls.push("next")}` }),
      return: () => Promise.resolve({ done: true, value: calls.push("return") }),
      [Symbol.asyncIterator]: () => source,
    };
    const events = asEvents(source, { done: { data: "[DONE]" } });
    for await (const _ of events) break;
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(calls).toEqual(["next", "return"]);
  });

  it("does not wait for a value that is pending to cancel the stream", async () => {
    const source = streamOf();
    const pending = asEvents(new ReadableStream({ cancel: () => void source.cancelled++ }), { done: { data: "end" } });
    const next = pending.next();
    await pending.return?.();
    expect(source.cancelled).toBe(1);
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("refuses a locked stream", () => {
    const { stream } = streamOf("a");
    stream.getReader();
    expect(() => asEvents(stream)).toThrow(TypeError);
  });
});

interface Source<T> {
  stream: ReadableStream<T>;
  cancelled: number;
}

function streamOf<T>(...values: T[]): Source<T> {
  const source: Source<T> = {
    cancelled: 0,
    stream: new ReadableStream({
      pull(controller): void {
        const value = values.shift();
        if (value === undefined) controller.close();
        else controller.enqueue(value);
      },
      cancel(): void {
        source.cancelled++;
      },
    }),
  };
  return source;
}

async function* iterableOf<T>(values: T[], error?: Error): AsyncGenerator<T> {
  yield* values;
  if (error !== undefined) throw error;
}

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}
