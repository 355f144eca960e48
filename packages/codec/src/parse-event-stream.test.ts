import { describe, expect, it } from "vitest";
import type { DispatchedEvent } from "./dispatched-event.ts";
import { EventStreamError } from "./event-stream-error.ts";
import { type ParseEventStreamOptions, parseEventStream } from "./parse-event-stream.ts";

describe("parseEventStream()", () => {
  it("gives the events of a stream of bytes, of strings and of a response", async () => {
    const text = "event: a\ndata: 1\nid: 7\n\ndata: 2\n\n";
    const events = [
      { type: "a", data: "1", lastEventId: "7" },
      { type: "message", data: "2", lastEventId: "7" },
    ];
    expect(await eventsOf(sourceOf(new TextEncoder().encode(text)).stream)).toEqual(events);
    expect(await eventsOf(sourceOf(...text).stream)).toEqual(events);
    expect(await eventsOf(new Response(text))).toEqual(events);
  });

  it("discards a block that the end of the stream cuts off (RULES A26)", async () => {
    expect(await dataOf(sourceOf("data: 1\n\ndata: 2\n").stream)).toEqual(["1"]);
  });

  it("passes the parser's options and callbacks on", async () => {
    const told: unknown[] = [];
    const options: ParseEventStreamOptions = {
      lastEventId: "6",
      onComment: (text) => told.push(text),
      onReconnectionTime: (time) => told.push(time),
      onLastEventId: (id) => told.push(id),
    };
    const { stream } = sourceOf("data: 1\n\n: note\nretry: 5\nid: 7\ndata: 2\n\n");
    const events = await eventsOf(stream, options);
    expect(events.map((event) => event.lastEventId)).toEqual(["6", "7"]);
    expect(told).toEqual(["note", 5, "7"]);
    expect(() => parseEventStream(sourceOf().stream, { maxEventBytes: 0 })).toThrow(RangeError);
  });

  it("reads a chunk only when the events of the one before it are taken", async () => {
    const source = sourceOf("data: 1\n\ndata: 2\n\n", "data: 3\n\n");
    const events = parseEventStream(source.stream);
    expect(source.reads).toBe(0);
    await events.next();
    await events.next();
    expect(source.reads).toBe(1);
    expect(await events.next()).toEqual({ done: false, value: { type: "message", data: "3", lastEventId: "" } });
    expect(source.reads).toBe(2);
  });

  it.each(["break", "throw", "return"])("cancels the source and frees it when the loop is left by %s", async (way) => {
    const source = sourceOf("data: 1\n\ndata: 2\n\n", "data: 3\n\n");
    const leave = async (): Promise<void> => {
      for await (const _ of parseEventStream(source.stream)) {
        if (way === "break") break;
        if (way === "throw") throw new Error("mine");
        return;
      }
    };
    if (way === "throw") await expect(leave()).rejects.toThrow("mine");
    else await leave();
    expect(source.cancelled).toBe(1);
    expect(source.reads).toBe(1);
    expect(source.stream.locked).toBe(false);
  });

  it("ends a pending next() when it is left meanwhile", async () => {
    const source = pendingSource();
    const events = parseEventStream(source.stream);
    const pending = events.next();
    const left = events.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await left).toEqual({ done: true, value: undefined });
    expect(source.cancelled).toBe(1);
    expect(source.stream.locked).toBe(false);
  });

  it("may be left from inside a callback", async () => {
    const source = sourceOf("data: 1\n\n: stop\ndata: 2\n\n", "data: 3\n\n");
    const events = parseEventStream(source.stream, { onComment: () => void events.return?.() });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(source.cancelled).toBe(1);
  });

  it("passes the source's error on after the events before it, then is done", async () => {
    const error = new Error("cut");
    const source = sourceOf("data: 1\n\n", error);
    const events = parseEventStream(source.stream);
    expect((await events.next()).done).toBe(false);
    await expect(events.next()).rejects.toBe(error);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(source.stream.locked).toBe(false);
  });

  it("frees the source at its end, and stays done", async () => {
    const { stream } = sourceOf("data: 1\n\n");
    const events = parseEventStream(stream);
    expect((await events.next()).done).toBe(false);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(await events.return?.()).toEqual({ done: true, value: undefined });
    expect(stream.locked).toBe(false);
  });

  it("rejects with event-too-large after the events before it, and cancels the source with it", async () => {
    const source = sourceOf("data: 1\n\ndata: 2 is too large\n\ndata: 3\n\n", "data: 4\n\n");
    const events = parseEventStream(source.stream, { maxEventBytes: 12 });
    expect((await events.next()).value).toMatchObject({ data: "1" });
    await expect(events.next()).rejects.toMatchObject({ name: "EventStreamError", code: "event-too-large" });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(source.reasons).toEqual([expect.any(EventStreamError)]);
    expect(source.stream.locked).toBe(false);
  });

  it("rejects with what a callback threw after the events of that chunk, and cancels the source with it", async () => {
    const error = new Error("mine");
    const source = sourceOf(": note\ndata: 1\n\n", "data: 2\n\n");
    const onComment = (): never => {
      throw error;
    };
    const events = parseEventStream(source.stream, { onComment });
    expect((await events.next()).value).toMatchObject({ data: "1" });
    await expect(events.next()).rejects.toBe(error);
    expect(source.reasons).toEqual([error]);
  });

  it("rejects a chunk that is neither bytes nor a string, and cancels the source", async () => {
    const source = sourceOf(1 as unknown as string);
    await expect(eventsOf(source.stream)).rejects.toThrow(TypeError);
    expect(source.cancelled).toBe(1);
  });

  it("tells its own error where the cancellation fails too", async () => {
    const stream = new ReadableStream<string>({
      pull: (controller) => controller.enqueue("data: too large\n\n"),
      cancel: () => Promise.reject(new Error("cancel")),
    });
    await expect(eventsOf(stream, { maxEventBytes: 3 })).rejects.toMatchObject({ code: "event-too-large" });
  });

  it("rejects on leaving when the cancellation fails", async () => {
    const stream = new ReadableStream<string>({ cancel: () => Promise.reject(new Error("cancel")) });
    await expect(parseEventStream(stream).return?.()).rejects.toThrow("cancel");
  });

  it("answers concurrent calls of next() in order", async () => {
    const events = parseEventStream(sourceOf("data: 1\n\ndata: 2\n\n", ": none\n", "data: 3\n\n").stream);
    const answers = await Promise.all(Array.from({ length: 5 }, () => events.next()));
    expect(answers.map(({ done, value }) => (done ? "done" : value.data))).toEqual(["1", "2", "3", "done", "done"]);
  });

  it("lets no later next() overtake one that waits for its turn", async () => {
    const events = parseEventStream(sourceOf("data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n").stream);
    const [first, , third] = [events.next(), events.next(), events.next()];
    await first;
    const fourth = events.next();
    expect((await third).value).toMatchObject({ data: "3" });
    expect((await fourth).value).toMatchObject({ data: "4" });
  });

  it("rejects one of several concurrent calls of next() with an error, and ends the others", async () => {
    const events = parseEventStream(sourceOf("data: 1\n\n", new Error("cut")).stream);
    const answers = await Promise.allSettled(Array.from({ length: 4 }, () => events.next()));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  });

  it("refuses a locked stream and a response without a body", () => {
    const { stream } = sourceOf();
    stream.getReader();
    expect(() => parseEventStream(stream)).toThrow(
      new TypeError("Cannot parse a locked stream: another reader has it; parse it once, or tee it"),
    );
    expect(() => parseEventStream(new Response(null, { status: 204 }))).toThrow(
      new TypeError("Cannot parse a response without a body: its status is 204; check that first"),
    );
  });
});

interface Source {
  stream: ReadableStream<Uint8Array | string>;
  reads: number;
  cancelled: number;
  reasons: unknown[];
}

/** A stream of these chunks without a queue of its own, which fails at an error. */
function sourceOf(...chunks: (Uint8Array | string | Error)[]): Source {
  const source = pendingSource((controller) => {
    source.reads++;
    const chunk = chunks.shift();
    if (chunk === undefined) controller.close();
    else if (chunk instanceof Error) controller.error(chunk);
    else controller.enqueue(chunk);
  });
  return source;
}

function pendingSource(pull?: (controller: ReadableStreamDefaultController<Uint8Array | string>) => void): Source {
  const cancel = (reason: unknown): void => {
    source.cancelled++;
    source.reasons.push(reason);
  };
  const stream = new ReadableStream({ ...(pull && { pull }), cancel }, { highWaterMark: 0 });
  const source: Source = { stream, reads: 0, cancelled: 0, reasons: [] };
  return source;
}

async function eventsOf(
  source: Source["stream"] | Response,
  options?: ParseEventStreamOptions,
): Promise<DispatchedEvent[]> {
  const events: DispatchedEvent[] = [];
  for await (const event of parseEventStream(source, options)) events.push(event);
  return events;
}

async function dataOf(source: Source["stream"]): Promise<string[]> {
  return (await eventsOf(source)).map((event) => event.data);
}
