import { type EncodedEvent, parseEventStream } from "@ssekit/codec";
import type { EventStream } from "@ssekit/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveFeed } from "./live-feed.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** As much of a stream as a feed touches. */
function scriptedStream() {
  const written: EncodedEvent[] = [];
  let leave!: () => void;
  let catchUp!: () => void;
  const stream = {
    desiredSize: 1,
    closed: new Promise<void>((resolve) => {
      leave = resolve;
    }),
    ready: new Promise<void>((resolve) => {
      catchUp = resolve;
    }),
    write: (bytes: EncodedEvent) => written.push(bytes) > 0,
  };
  return { stream: stream as unknown as EventStream & { desiredSize: number }, written, leave, catchUp };
}

describe("LiveFeed", () => {
  it("tells a new viewer at once, as JSON in an event of type stats without an id, RULES B8", async () => {
    const { stream, written } = scriptedStream();
    new LiveFeed(() => ({ connections: 1 })).add(stream);
    for await (const event of parseEventStream(new Response(written[0]))) {
      expect(event).toEqual({ type: "stats", data: '{"connections":1}', lastEventId: "" });
    }
    expect(written).toHaveLength(1);
  });

  it("tells all changes of 250 ms at once, and to all viewers the same bytes", () => {
    const feed = new LiveFeed(() => ({}));
    const [a, b] = [scriptedStream(), scriptedStream()];
    feed.add(a.stream);
    feed.add(b.stream);
    for (let n = 0; n < 100; n += 1) feed.changed();
    vi.advanceTimersByTime(249);
    expect(a.written).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(a.written).toHaveLength(2);
    expect(a.written[1]).toBe(b.written[1]);
  });

  it("asks for no snapshot while nobody looks", async () => {
    const snapshot = vi.fn(() => ({}));
    const feed = new LiveFeed(snapshot);
    const { stream, leave } = scriptedStream();
    feed.add(stream);
    leave();
    await stream.closed;
    feed.changed();
    vi.advanceTimersByTime(1000);
    expect(snapshot).toHaveBeenCalledTimes(1);
  });

  it("leaves out a viewer that is behind, and tells it the latest once it has caught up", async () => {
    const feed = new LiveFeed(() => ({}));
    const { stream, written, catchUp } = scriptedStream();
    feed.add(stream);
    stream.desiredSize = 0;
    feed.changed();
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(1);
    stream.desiredSize = 1;
    catchUp();
    await stream.ready;
    vi.advanceTimersByTime(250);
    expect(written).toHaveLength(2);
  });
});
