import { describe, expect, it } from "vitest";
import type { DispatchedEvent } from "./dispatched-event.ts";
import { EventEncoderStream } from "./event-encoder-stream.ts";
import { EventParserStream } from "./event-parser-stream.ts";
import type { ServerSentEvent } from "./server-sent-event.ts";

describe("EventParserStream", () => {
  it("gives the events of bytes and of strings, cut anywhere", async () => {
    const text = "event: a\r\ndata: €\r\n\r\ndata: 2\n\n";
    const events = [
      { type: "a", data: "€", lastEventId: "" },
      { type: "message", data: "2", lastEventId: "" },
    ];
    const bytes = Array.from(new TextEncoder().encode(text), (byte) => Uint8Array.of(byte));
    expect(await collect(streamOf(...bytes).pipeThrough(new EventParserStream()))).toEqual(events);
    expect(await collect(streamOf(...text).pipeThrough(new EventParserStream()))).toEqual(events);
  });

  it("reads what EventEncoderStream writes", async () => {
    const events = streamOf<ServerSentEvent>({ data: "one\n", id: "1" }, { comment: "x" }, { event: "e", data: "" });
    expect(await collect(events.pipeThrough(new EventEncoderStream()).pipeThrough(new EventParserStream()))).toEqual([
      { type: "message", data: "one\n", lastEventId: "1" },
      { type: "e", data: "", lastEventId: "1" },
    ]);
  });

  it("passes the parser's options and callbacks on", async () => {
    const told: unknown[] = [];
    const parsed = streamOf(": note\nretry: 5\ndata: 1\n\nid: 7\n\n").pipeThrough(
      new EventParserStream({
        lastEventId: "6",
        onComment: (text) => told.push(text),
        onReconnectionTime: (time) => told.push(time),
        onLastEventId: (id) => told.push(id),
      }),
    );
    expect(await collect(parsed)).toEqual([{ type: "message", data: "1", lastEventId: "6" }]);
    expect(told).toEqual(["note", 5, "7"]);
    expect(() => new EventParserStream({ maxEventBytes: 0 })).toThrow(RangeError);
  });

  it("errors at an event that is too large", async () => {
    const parsed = streamOf("data: too large\n\n").pipeThrough(new EventParserStream({ maxEventBytes: 8 }));
    await expect(collect(parsed)).rejects.toMatchObject({ code: "event-too-large" });
  });

  it("errors with what a callback threw", async () => {
    const onComment = (): never => {
      throw new Error("mine");
    };
    await expect(collect(streamOf(": x\n").pipeThrough(new EventParserStream({ onComment })))).rejects.toThrow("mine");
  });
});

function streamOf<T>(...chunks: T[]): ReadableStream<T> {
  return new ReadableStream({
    pull(controller): void {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

async function collect(stream: ReadableStream<DispatchedEvent>): Promise<DispatchedEvent[]> {
  const events: DispatchedEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
