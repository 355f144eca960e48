import { describe, expect, it } from "vitest";
import { MemoryTransport } from "../test/memory-transport.ts";
import { createEventStream } from "./create-event-stream.ts";
import { DEFAULT_DRAIN_DEADLINE } from "./defaults.ts";
import { drainEventStreams } from "./drain-event-streams.ts";
import type { EventStream } from "./event-stream.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

const clock = new VirtualClock();

function open(count: number): EventStream[] {
  return Array.from({ length: count }, () =>
    createEventStream(new Request("http://localhost/"), new MemoryTransport(), { clock }),
  );
}

describe("drainEventStreams()", () => {
  const left = (streams: EventStream[]): number => streams.filter(({ signal }) => !signal.aborted).length;

  it("closes a few at once", async () => {
    const streams = open(100);
    await drainEventStreams(streams, { clock });
    expect(new Set(await Promise.all(streams.map(({ closed }) => closed)))).toEqual(new Set(["drain"]));
  });

  it("closes many in waves, within half of the deadline (RULES B43)", async () => {
    const streams = open(3_000);
    const done = drainEventStreams(streams, { clock });
    const counts = [left(streams)];
    while (left(streams) > 0) {
      clock.advance(DEFAULT_DRAIN_DEADLINE / 20);
      await Promise.resolve();
      counts.push(left(streams));
    }
    expect(counts).toEqual([2_700, 2_400, 2_100, 1_800, 1_500, 1_200, 900, 600, 300, 0]);
    await done;
    expect(clock.intervals).toBe(0);
  });

  it("takes those that were open when it began, though they leave meanwhile (RULES B23)", async () => {
    const streams = new Set(open(150));
    for (const stream of streams) void stream.closed.then(() => streams.delete(stream));
    const done = drainEventStreams(streams, { clock, deadline: 2_000 });
    const [late] = open(1);
    if (late !== undefined) streams.add(late);
    await Promise.resolve();
    clock.advance(100);
    await done;
    expect([...streams]).toEqual([late]);
    late?.close();
  });
});
