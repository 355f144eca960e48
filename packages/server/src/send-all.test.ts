import type { ServerSentEvent } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { MemoryTransport } from "../test/memory-transport.ts";
import { createEventStream } from "./create-event-stream.ts";
import type { EventStream, ServerSentEventSource } from "./event-stream.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

function open(): { stream: EventStream; transport: MemoryTransport; clock: VirtualClock; errors: unknown[] } {
  const transport = new MemoryTransport();
  const clock = new VirtualClock();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const stream = createEventStream(new Request("http://localhost/"), transport, { clock, onError });
  clock.endTurn();
  return { stream, transport, clock, errors };
}

/** Lets all promise jobs run that are due. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A source that gives what it is fed, and says what became of it. */
function controlledSource(kind: "generator" | "stream") {
  const log: string[] = [];
  let feed!: (event: ServerSentEvent<unknown>) => void;
  let fail!: (error: unknown) => void;
  let end!: () => void;
  if (kind === "stream") {
    const source = new ReadableStream<ServerSentEvent<unknown>>(
      {
        start(controller) {
          feed = (event) => controller.enqueue(event);
          fail = (error) => controller.error(error);
          end = () => controller.close();
        },
        cancel: () => void log.push("left"),
      },
      { highWaterMark: 0 },
    );
    return { source: source as ServerSentEventSource, log, feed, fail, end };
  }
  type Step = IteratorResult<ServerSentEvent<unknown>>;
  const waiting: { resolve: (step: Step) => void; reject: (error: unknown) => void }[] = [];
  feed = (value) => waiting.shift()?.resolve({ done: false, value });
  fail = (error) => waiting.shift()?.reject(error);
  end = () => waiting.shift()?.resolve({ done: true, value: undefined });
  const source: ServerSentEventSource = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<Step>((resolve, reject) => void waiting.push({ resolve, reject })),
      return: async () => {
        log.push("left");
        return { done: true as const, value: undefined };
      },
    }),
  };
  return { source, log, feed, fail, end };
}

describe.each(["generator", "stream"] as const)("sendAll() of a %s", (kind) => {
  it("sends what it gives, and fulfils at its end, with the stream still open", async () => {
    const { stream, transport, clock } = open();
    const { source, log, feed, end } = controlledSource(kind);
    const done = stream.sendAll(source);
    feed({ data: "a" });
    await settle();
    feed({ event: "x", data: { b: 1 } });
    await settle();
    end();
    await done;
    clock.endTurn();
    expect(transport.text).toBe(': \n\ndata: a\n\nevent: x\ndata: {"b":1}\n\n');
    expect(stream.signal.aborted).toBe(false);
    expect(log).toEqual([]);
  });

  it("tells the caller what the source threw, and the reader nothing (RULES B24)", async () => {
    const { stream, transport, clock, errors } = open();
    const { source, fail } = controlledSource(kind);
    const done = stream.sendAll(source);
    await settle();
    fail(new Error("secret"));
    await expect(done).rejects.toThrow("secret");
    clock.endTurn();
    expect(transport.text).toBe(": \n\n");
    expect(errors).toEqual([]);
  });

  it("tells the caller of an event that can't be carried, and leaves the source", async () => {
    const { stream } = open();
    const { source, log, feed } = controlledSource(kind);
    const done = stream.sendAll(source);
    await settle();
    feed({ event: "a\nb", data: "" });
    await expect(done).rejects.toThrow(TypeError);
    expect(log).toEqual(["left"]);
  });

  it("leaves the source at once when the reader goes, also while it waits for an event", async () => {
    const { stream, transport, errors } = open();
    const { source, log } = controlledSource(kind);
    const done = stream.sendAll(source);
    await settle();
    transport.leave();
    expect(log).toEqual(["left"]);
    await done;
    expect(errors).toEqual([]);
  });

  it("leaves the source when the reader went before", async () => {
    const { stream } = open();
    stream.close();
    const { source, log } = controlledSource(kind);
    await stream.sendAll(source);
    expect(log).toEqual(["left"]);
  });
});

describe("sendAll()", () => {
  it("takes from the source at the reader's pace", async () => {
    const { stream, transport, clock } = open();
    transport.reading = false;
    let taken = 0;
    async function* source(): AsyncGenerator<ServerSentEvent> {
      for (;;) {
        taken += 1;
        yield { data: "x".repeat(42) };
      }
    }
    const done = stream.sendAll(source());
    for (let n = 0; n < 3; n++) {
      await settle();
      clock.endTurn();
    }
    expect(taken).toBe(2);
    transport.drain();
    await settle();
    clock.endTurn();
    expect(taken).toBe(4);
    transport.leave();
    await done;
    await settle();
    expect(taken).toBe(4);
  });

  it("reports what the source throws while it is left, for nobody waits for it any more (RULES B21)", async () => {
    const { stream, transport, errors } = open();
    const source = new ReadableStream<ServerSentEvent>({ cancel: () => Promise.reject(new Error("cancel")) });
    const done = stream.sendAll(source);
    transport.leave();
    await done;
    await settle();
    expect(errors).toMatchObject([{ message: "cancel" }]);
  });

  it("ignores what the source throws after it was left", async () => {
    const { stream, transport, errors } = open();
    const { source, fail } = controlledSource("generator");
    const done = stream.sendAll(source);
    await settle();
    transport.leave();
    fail(new Error("late"));
    await done;
    await settle();
    expect(errors).toEqual([]);
  });

  it.each([undefined, null, "text", {}])("refuses %s, which gives no events", async (source) => {
    await expect(open().stream.sendAll(source as never)).rejects.toThrow(TypeError);
  });
});
