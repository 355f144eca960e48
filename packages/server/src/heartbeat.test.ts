import { type EncodedEvent, encodeEvent } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { FIRST, opened, openTurn } from "../test/open-turn.ts";
import { DEFAULT_HEARTBEAT } from "./defaults.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

describe("the heartbeat", () => {
  it("is a comment, every 15 s unless told otherwise", () => {
    expect(DEFAULT_HEARTBEAT).toBe(15_000);
    const { transport, clock } = opened();
    clock.advance(14_999);
    expect(transport.writes).toEqual([FIRST]);
    clock.advance(1);
    expect(transport.writes).toEqual([FIRST, ": \n\n"]);
    clock.advance(30_000);
    expect(transport.writes).toHaveLength(4);
  });

  it.each([0, false] as const)("is switched off by %s", (heartbeat) => {
    const { transport, clock } = opened({ heartbeat });
    clock.advance(3_600_000);
    expect(transport.writes).toEqual([FIRST]);
    expect(clock.intervals).toBe(0);
  });

  it("asks for the bytes to send, and sends a comment when there are none", () => {
    const { stream, transport, clock } = opened({ heartbeat: 1_000 });
    let bytes: EncodedEvent | undefined = encodeEvent({ data: "beat" });
    stream.onHeartbeat(() => encodeEvent({ data: "replaced" }));
    stream.onHeartbeat(() => bytes);
    clock.advance(1_000);
    bytes = undefined;
    clock.advance(1_000);
    expect(transport.writes).toEqual([FIRST, "data: beat\n\n", ": \n\n"]);
  });

  it("waits while bytes wait, and goes on after (RULES B20)", () => {
    const { stream, transport, clock } = opened({ heartbeat: 1_000 });
    let asked = 0;
    stream.onHeartbeat(() => {
      asked += 1;
      return undefined;
    });
    transport.reading = false;
    stream.send({ data: "a" });
    clock.endTurn();
    clock.advance(10_000);
    expect(asked).toBe(0);
    expect(transport.writes).toHaveLength(2);
    transport.drain();
    clock.advance(1_000);
    expect(asked).toBe(1);
    expect(transport.writes).toHaveLength(3);
  });

  it("doesn't open a held head", () => {
    const { stream, transport, clock } = openTurn({ heartbeat: 100 });
    stream.hold();
    clock.endTurn();
    clock.advance(900);
    expect(transport.status).toBeUndefined();
  });

  it("stops at the close (RULES B20)", () => {
    const { stream, transport, clock } = opened();
    stream.close();
    expect(clock.intervals).toBe(0);
    clock.advance(60_000);
    expect(transport.writes).toEqual([FIRST]);
  });

  it("shares one interval with all streams of its clock (RULES B26)", () => {
    const clock = new VirtualClock();
    const streams = Array.from({ length: 100 }, () => openTurn({ clock, maxAge: 1e6 }).stream);
    expect(clock.intervals).toBe(1);
    for (const stream of streams) stream.close();
    expect(clock.intervals).toBe(0);
  });

  it("contains what its hook throws (RULES B22)", () => {
    const error = new Error("hook");
    const { stream, transport, clock, errors } = opened({ heartbeat: 1_000 });
    stream.onHeartbeat(() => {
      throw error;
    });
    clock.advance(1_000);
    expect(errors).toEqual([error]);
    expect(transport.writes).toEqual([FIRST, ": \n\n"]);
    expect(stream.signal.aborted).toBe(false);
  });
});
