import { concatEncodedEvents, encodeEvent, type ServerSentEvent } from "@ssekit/codec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryTransport } from "../test/memory-transport.ts";
import { FIRST, opened, openTurn, state } from "../test/open-turn.ts";
import { createEventStream } from "./create-event-stream.ts";
import { DEFAULT_HELD_RETRY, DEFAULT_MAX_BUFFERED_BYTES, MAX_AGE_JITTER } from "./defaults.ts";
import type { EventStreamInit } from "./event-stream-init.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

describe("writing", () => {
  it("sends what one turn gave as one write, in order, whichever way it was given", () => {
    const { stream, transport, clock } = opened();
    stream.send({ data: { a: 1 } });
    stream.write(encodeEvent({ data: "2" }));
    stream.comment("3");
    expect(transport.writes).toEqual([FIRST]);
    clock.endTurn();
    expect(transport.writes).toEqual([FIRST, 'data: {"a":1}\n\ndata: 2\n\n: 3\n\n']);
  });

  it("throws what can't be carried to the caller, and sends nothing of it", () => {
    const { stream, transport, clock } = opened();
    expect(() => stream.send({ event: "a\nb", data: "" })).toThrow(TypeError);
    expect(() => stream.send({ event: "a" } as unknown as ServerSentEvent)).toThrow(TypeError);
    clock.endTurn();
    expect(transport.writes).toEqual([FIRST]);
  });

  it("says by false that it took the bytes and the reader is behind (RULES B19)", async () => {
    const { stream, transport, clock } = opened();
    transport.reading = false;
    const block = encodeEvent({ data: "x".repeat(42) });
    expect(stream.desiredSize).toBe(100);
    expect(stream.write(block)).toBe(true);
    expect(stream.write(block)).toBe(false);
    expect(stream.desiredSize).toBe(0);
    expect(await state(stream.ready)).toBe("pending");
    clock.endTurn();
    expect(transport.text).toBe(FIRST + new TextDecoder().decode(concatEncodedEvents([block, block])));
    expect(await state(stream.ready)).toBe("pending");
    const { ready } = stream;
    transport.drain(0);
    expect(await state(ready)).toBe("pending");
    transport.drain(1);
    expect(await state(ready)).toBeUndefined();
    expect(stream.desiredSize).toBe(1);
  });

  it("is ready again when the network took all at the end of the turn", async () => {
    const { stream, clock } = opened();
    stream.write(encodeEvent({ data: "x".repeat(200) }));
    const { ready } = stream;
    expect(await state(ready)).toBe("pending");
    clock.endTurn();
    expect(await state(ready)).toBeUndefined();
  });

  it.each(["leaves", "is closed"])(
    "is ready when the stream %s, so that nobody waits for ever (RULES B19)",
    async (how) => {
      const { stream, transport, clock } = opened();
      transport.reading = false;
      stream.write(encodeEvent({ data: "x".repeat(200) }));
      clock.endTurn();
      const { ready } = stream;
      expect(await state(ready)).toBe("pending");
      if (how === "leaves") transport.leave();
      else stream.close();
      expect(await state(ready)).toBeUndefined();
      expect(stream.desiredSize).toBe(0);
      expect(stream.write(encodeEvent({ data: "" }))).toBe(false);
    },
  );

  it("closes a stream to which more is sent than may wait", async () => {
    const { stream, transport, clock } = opened({ maxBufferedBytes: 1_000 });
    transport.reading = false;
    stream.send({ data: "x".repeat(5_000) });
    clock.endTurn();
    expect(stream.signal.aborted).toBe(false);
    stream.send({ data: "one more" });
    expect(await stream.closed).toBe("overflow");
    expect(transport.ends).toEqual(["abort"]);
    clock.endTurn();
    expect(transport.text).not.toContain("one more");
  });

  it("bounds what one turn and a held head pile up, by 1 MiB unless told otherwise", async () => {
    expect(DEFAULT_MAX_BUFFERED_BYTES).toBe(2 ** 20);
    const { stream, transport } = openTurn();
    stream.hold();
    const block = encodeEvent({ data: "x".repeat(2 ** 16) });
    for (let n = 0; n < 17; n++) stream.write(block);
    expect(await stream.closed).toBe("overflow");
    expect(transport.ends).toEqual(["abort"]);
  });
});

describe("the end", () => {
  it("comes after what was sent, once, with its reason", async () => {
    const { stream, transport, clock } = openTurn();
    stream.send({ data: "bye" });
    stream.close("revoked");
    stream.close("error");
    expect(transport.writes).toEqual([`${FIRST}data: bye\n\n`]);
    expect(transport.ends).toEqual(["end"]);
    expect(await stream.closed).toBe("revoked");
    clock.endTurn();
    clock.advance(60_000);
    transport.leave("error", new Error("late"));
    expect(transport.writes).toHaveLength(1);
    expect(transport.ends).toEqual(["end"]);
    expect(await stream.closed).toBe("revoked");
  });

  it.each(["client", "server", "error"] as const)(
    "is heard of from the connection as %s (RULES B18)",
    async (reason) => {
      const { stream, transport, clock, errors } = opened();
      const { signal } = stream;
      transport.leave(reason);
      transport.leave("error", new Error("late"));
      expect(await stream.closed).toBe(reason);
      expect(signal.aborted).toBe(true);
      expect(signal.reason).toMatchObject({ code: "closed" });
      expect(clock.intervals).toBe(0);
      expect(transport.ends).toEqual([]);
      expect(errors).toEqual([]);
    },
  );

  it("is told to each listener once, in order, to a late one at once, and what one throws to onError", () => {
    const { stream, errors } = opened();
    const told: string[] = [];
    const failure = new Error("mine");
    stream.onClose((reason) => told.push(`first ${reason}`));
    stream.onClose(() => {
      throw failure;
    });
    stream.onClose((reason) => told.push(`second ${reason}`));
    stream.close("revoked");
    stream.close();
    expect(told).toEqual(["first revoked", "second revoked"]);
    stream.onClose((reason) => told.push(`late ${reason}`));
    expect(told.slice(2)).toEqual(["late revoked"]);
    expect(errors).toEqual([failure]);
  });

  it("is seen by who comes late, and when the reader left before the stream was opened (RULES B17)", async () => {
    const { stream, transport, clock } = openTurn({}, undefined, new MemoryTransport({ gone: true }));
    expect(stream.signal.aborted).toBe(true);
    expect(await stream.closed).toBe("client");
    clock.endTurn();
    expect(transport.status).toBeUndefined();
    expect(clock.intervals).toBe(0);
  });

  it("drops what the turn sent when the reader leaves in it", async () => {
    const { stream, transport, clock } = openTurn();
    stream.send({ data: "a" });
    transport.leave();
    clock.endTurn();
    expect(transport.status).toBeUndefined();
    expect(transport.writes).toEqual([]);
    expect(await stream.closed).toBe("client");
  });

  it("makes all that follows a quiet no-op, illegal events too", async () => {
    const { stream, transport, clock } = opened();
    stream.close();
    stream.send({ event: "a\nb", data: "" });
    stream.comment("a");
    stream.onHeartbeat(() => encodeEvent({ data: "beat" }));
    stream.hold();
    stream.open();
    stream.refuse(404);
    stream.close();
    await stream.ready;
    clock.endTurn();
    clock.advance(60_000);
    expect(transport.writes).toEqual([FIRST]);
    expect(transport.ends).toEqual(["end"]);
  });

  it("comes within the last tenth of the age that was set, for each stream by itself (RULES B43)", async () => {
    const clock = new VirtualClock();
    const streams = Array.from({ length: 100 }, () => openTurn({ clock, maxAge: 1e6, heartbeat: false }).stream);
    const open = (): number => streams.filter(({ signal }) => !signal.aborted).length;
    clock.advance(1e6 * (1 - MAX_AGE_JITTER) - 1);
    expect(open()).toBe(100);
    clock.advance(1e6 * (MAX_AGE_JITTER / 2));
    expect(open()).toBeGreaterThan(0);
    expect(open()).toBeLessThan(100);
    clock.advance(1e6 * (MAX_AGE_JITTER / 2) + 1);
    expect(open()).toBe(0);
    for (const { closed } of streams) expect(await closed).toBe("age");
    expect(clock.intervals).toBe(0);
  });

  it.each([
    [{}, DEFAULT_HELD_RETRY],
    [{ retry: 500 }, 500],
  ])("comes after a reconnection time of its own when the stream is drained (RULES B43): %o", async (init, least) => {
    const { stream, transport } = openTurn(init);
    stream.send({ data: "bye" });
    stream.close("drain");
    const told = Number(/data: bye\n\nretry: (\d+)\n\n$/.exec(transport.text)?.[1]);
    expect(told).toBeGreaterThanOrEqual(least);
    expect(told).toBeLessThanOrEqual(2 * least);
    expect(transport.ends).toEqual(["end"]);
    expect(await stream.closed).toBe("drain");
  });

  it("comes as error when the transport throws, and onError hears why (RULES B21)", async () => {
    const { stream, transport, clock, errors } = opened();
    transport.failure = new Error("broken");
    stream.send({ data: "a" });
    clock.endTurn();
    expect(await stream.closed).toBe("error");
    expect(transport.ends).toEqual(["abort"]);
    expect(errors).toEqual([transport.failure]);
  });

  it("reports the connection's error", async () => {
    const { stream, transport, errors } = opened();
    const error = new Error("broken");
    transport.leave("error", error);
    expect(await stream.closed).toBe("error");
    expect(errors).toEqual([error]);
  });
});

describe("options", () => {
  it.each([
    [{ heartbeat: "15000" }, TypeError],
    [{ heartbeat: true }, TypeError],
    [{ heartbeat: -1 }, RangeError],
    [{ heartbeat: Number.NaN }, RangeError],
    [{ maxAge: 0 }, RangeError],
    [{ maxAge: Number.POSITIVE_INFINITY }, RangeError],
    [{ maxAge: null }, TypeError],
    [{ stallTimeout: -1 }, RangeError],
    [{ stallTimeout: "1" }, TypeError],
    [{ maxBufferedBytes: 0 }, RangeError],
    [{ maxBufferedBytes: "1" }, TypeError],
    [{ retry: 1.5 }, RangeError],
    [{ retry: "500" }, TypeError],
    [{ headers: { connection: "keep-alive" } }, TypeError],
    [{ headers: { "a b": "c" } }, TypeError],
    [{ onError: "log" }, TypeError],
  ])("that are wrong throw before anything is sent or listened to: %o", (init, error) => {
    const { transport, clock } = openTurn();
    expect(() =>
      createEventStream(new Request("http://localhost/"), transport, { clock, ...(init as EventStreamInit) }),
    ).toThrow(error);
    expect(transport.status).toBeUndefined();
  });
});

describe("any use of a stream", () => {
  it("delivers what was given, in order and once, whatever the turns and the reader do", () => {
    const arbitraryStep = fc.oneof(
      fc.record({ do: fc.constant("send" as const), data: fc.string() }),
      fc.record({ do: fc.constant("write" as const), data: fc.string() }),
      fc.record({ do: fc.constantFrom("turn" as const, "drain" as const, "stall" as const) }),
    );
    fc.assert(
      fc.property(fc.array(arbitraryStep), (steps) => {
        const { stream, transport, clock } = openTurn();
        const expected = [encodeEvent({ comment: "" })];
        for (const step of steps) {
          if (step.do === "turn") clock.endTurn();
          else if (step.do === "drain") transport.drain();
          else if (step.do === "stall") transport.reading = !transport.reading;
          else if ("data" in step) {
            const block = encodeEvent({ data: step.data });
            expected.push(block);
            if (step.do === "send") stream.send({ data: step.data });
            else expect(stream.write(block)).toBe(stream.desiredSize > 0);
          }
        }
        stream.close();
        expect(transport.text).toBe(new TextDecoder().decode(concatEncodedEvents(expected)));
      }),
    );
  });
});
