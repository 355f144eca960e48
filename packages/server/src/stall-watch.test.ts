import { describe, expect, it } from "vitest";
import { type Fixture, opened } from "../test/open-turn.ts";
import { DEFAULT_STALL_TIMEOUT } from "./defaults.ts";
import type { EventStreamInit } from "./event-stream-init.ts";

describe("a reader that takes nothing", () => {
  const stalled = (init: EventStreamInit = {}): Fixture => {
    const fixture = opened({ heartbeat: false, stallTimeout: 1_000, ...init });
    fixture.transport.reading = false;
    fixture.stream.send({ data: "x".repeat(50) });
    fixture.clock.endTurn();
    return fixture;
  };

  it("is dropped once bytes have waited for so long and none has left (RULES B20)", async () => {
    const { stream, transport, clock } = stalled();
    clock.advance(999);
    expect(stream.signal.aborted).toBe(false);
    clock.advance(300);
    expect(await stream.closed).toBe("stalled");
    expect(transport.ends).toEqual(["abort"]);
    expect(clock.intervals).toBe(0);
  });

  it("is found though more is sent to it all the time", async () => {
    const { stream, clock } = stalled();
    for (let n = 0; n < 13; n++) {
      stream.send({ data: "more" });
      clock.advance(100);
    }
    expect(await stream.closed).toBe("stalled");
  });

  it("is given a minute unless told otherwise", () => {
    expect(DEFAULT_STALL_TIMEOUT).toBe(60_000);
    const { stream, transport, clock } = opened();
    transport.reading = false;
    stream.send({ data: "a" });
    clock.endTurn();
    clock.advance(59_000);
    expect(stream.signal.aborted).toBe(false);
    clock.advance(17_000);
    expect(stream.signal.aborted).toBe(true);
  });

  it.each([0, false] as const)("may do so for ever with stallTimeout %s", (stallTimeout) => {
    const { stream, clock } = stalled({ stallTimeout });
    clock.advance(3_600_000);
    expect(stream.signal.aborted).toBe(false);
  });

  it("is not one that drips, nor one that is quiet", () => {
    const { stream, transport, clock } = stalled();
    for (let n = 0; n < 50; n++) {
      clock.advance(900);
      transport.drain(1);
    }
    expect(stream.signal.aborted).toBe(false);
    transport.drain();
    clock.advance(60_000);
    expect(stream.signal.aborted).toBe(false);
    expect(clock.intervals).toBe(0);
  });

  it("is not one of whose bytes the system has taken some, though the transport counts whole writes", () => {
    const { stream, transport, clock } = stalled();
    for (let n = 0; n < 50; n++) {
      clock.advance(900);
      transport.unsentBytes = 1_000 - n;
    }
    expect(stream.signal.aborted).toBe(false);
    clock.advance(1_600);
    expect(stream.signal.aborted).toBe(true);
  });

  it("keeps no connection after the close either (HUB C1)", async () => {
    const { stream, transport, clock } = stalled();
    stream.close("drain");
    expect(transport.ends).toEqual(["end"]);
    clock.advance(1_300);
    expect(transport.ends).toEqual(["end", "abort"]);
    expect(await stream.closed).toBe("drain");
    expect(clock.intervals).toBe(0);
  });

  it("is forgotten when its connection ends", () => {
    const { stream, transport, clock } = stalled();
    stream.close();
    transport.leave("server");
    clock.advance(10_000);
    expect(transport.ends).toEqual(["end"]);
    expect(clock.intervals).toBe(0);
  });
});
