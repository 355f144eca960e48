import { describe, expect, it } from "vitest";
import { EventEncoderStream } from "./event-encoder-stream.ts";
import type { ServerSentEvent } from "./server-sent-event.ts";

describe("EventEncoderStream", () => {
  it("encodes each event as one chunk", async () => {
    const decoder = new TextDecoder();
    const texts: string[] = [];
    const events = streamOf({ data: "one" }, { comment: "two" }, { id: "3" });
    for await (const bytes of events.pipeThrough(new EventEncoderStream())) texts.push(decoder.decode(bytes));
    expect(texts).toEqual(["data: one\n\n", ": two\n\n", "id: 3\n\n"]);
  });

  it("errors with the encoder's error for an event that can't be carried", async () => {
    const reader = streamOf({ data: "one" }, { id: "a\nb" }).pipeThrough(new EventEncoderStream()).getReader();
    expect((await reader.read()).done).toBe(false);
    await expect(reader.read()).rejects.toThrow('Cannot encode id "a\\nb"');
  });
});

function streamOf(...events: ServerSentEvent[]): ReadableStream<ServerSentEvent> {
  return new ReadableStream({
    pull(controller): void {
      const event = events.shift();
      if (event === undefined) controller.close();
      else controller.enqueue(event);
    },
  });
}
