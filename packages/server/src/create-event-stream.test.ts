import { concatEncodedEvents, type EncodedEvent, encodeEvent, type ServerSentEvent } from "@ssekit/codec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryTransport } from "../test/memory-transport.ts";
import { createEventStream } from "./create-event-stream.ts";
import {
  DEFAULT_HEARTBEAT,
  DEFAULT_HELD_RETRY,
  DEFAULT_MAX_BUFFERED_BYTES,
  DEFAULT_STALL_TIMEOUT,
  HOLD_LIMIT,
  MAX_AGE_JITTER,
} from "./defaults.ts";
import type { EventStream } from "./event-stream.ts";
import type { EventStreamInit } from "./event-stream-init.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

const FIRST = ": \n\n";

interface Fixture {
  stream: EventStream;
  transport: MemoryTransport;
  clock: VirtualClock;
  errors: unknown[];
}

/** A stream in the turn that opened it. */
function openTurn(
  init: EventStreamInit = {},
  request = new Request("http://localhost/"),
  transport = new MemoryTransport(),
): Fixture {
  const clock = new VirtualClock();
  const errors: unknown[] = [];
  const stream = createEventStream(request, transport, { clock, onError: (error) => errors.push(error), ...init });
  return { stream, transport, clock, errors };
}

/** A stream whose head has left. */
function opened(init?: EventStreamInit): Fixture {
  const fixture = openTurn(init);
  fixture.clock.endTurn();
  return fixture;
}

/** What is settled by now. */
async function state(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, Promise.resolve("pending")]);
}

describe("the head", () => {
  it("leaves with the first bytes at the end of the turn (RULES B12)", () => {
    const { transport, clock } = openTurn({ headers: { "x-a": "1" } });
    expect(transport.status).toBeUndefined();
    clock.endTurn();
    expect(transport.status).toBe(200);
    expect(transport.headers?.get("content-type")).toBe("text/event-stream");
    expect(transport.headers?.get("x-a")).toBe("1");
    expect(transport.writes).toEqual([FIRST]);
  });

  it("brings the reconnection time, and what the turn sent, in the same write", () => {
    const { stream, transport, clock } = openTurn({ retry: 500 });
    stream.send({ data: "a" });
    clock.endTurn();
    expect(transport.writes).toEqual([": \nretry: 500\n\ndata: a\n\n"]);
  });

  it("is all that HEAD gets, and the stream is closed (RULES B13)", async () => {
    const { stream, transport, clock } = openTurn({}, new Request("http://localhost/", { method: "HEAD" }));
    expect(stream.signal.aborted).toBe(true);
    expect(await stream.closed).toBe("server");
    stream.send({ data: "a" });
    stream.hold();
    clock.endTurn();
    expect(transport.status).toBe(200);
    expect(transport.headers?.get("content-type")).toBe("text/event-stream");
    expect(transport.ends).toEqual(["answer"]);
    expect(transport.writes).toEqual([]);
    expect(clock.intervals).toBe(0);
  });

  it("is 406 where Accept excludes event streams (RULES B15)", async () => {
    const request = new Request("http://localhost/", { headers: { accept: "application/json" } });
    const { stream, transport, clock } = openTurn({ headers: { "access-control-allow-origin": "*" } }, request);
    expect(await stream.closed).toBe("server");
    clock.endTurn();
    expect(transport.status).toBe(406);
    expect(transport.headers?.get("content-type")).toBeNull();
    expect(transport.headers?.get("access-control-allow-origin")).toBe("*");
    expect(transport.ends).toEqual(["answer"]);
  });

  it("gives the request's cursor", () => {
    const request = new Request("http://localhost/?lastEventId=1", { headers: { "last-event-id": "7" } });
    expect(openTurn({}, request).stream.lastEventId).toBe("7");
    expect(openTurn().stream.lastEventId).toBeUndefined();
  });
});

describe("hold(), open() and refuse()", () => {
  it("keep the head back until it is let go, and lose nothing that was sent meanwhile", () => {
    const { stream, transport, clock } = openTurn();
    stream.hold();
    stream.send({ data: "a" });
    clock.endTurn();
    clock.advance(HOLD_LIMIT - 1);
    expect(transport.status).toBeUndefined();
    stream.open();
    stream.send({ data: "b" });
    clock.endTurn();
    expect(transport.status).toBe(200);
    expect(transport.writes).toEqual([`${FIRST}data: a\n\ndata: b\n\n`]);
    clock.advance(HOLD_LIMIT);
    expect(stream.signal.aborted).toBe(false);
  });

  it.each(["the same turn", "a hold"])("answer another status in %s (RULES B14)", async (when) => {
    const { stream, transport, clock } = openTurn();
    stream.send({ data: "secret" });
    if (when === "a hold") {
      stream.hold();
      clock.endTurn();
    }
    stream.refuse(204);
    clock.endTurn();
    expect(transport.status).toBe(204);
    expect(transport.headers?.get("content-type")).toBeNull();
    expect(transport.ends).toEqual(["answer"]);
    expect(transport.writes).toEqual([]);
    expect(await stream.closed).toBe("server");
    clock.advance(60_000);
    expect(transport.ends).toEqual(["answer"]);
  });

  it("can refuse a HEAD as they would refuse its GET", () => {
    const { stream, transport, clock } = openTurn({}, new Request("http://localhost/", { method: "HEAD" }));
    stream.refuse(401);
    clock.endTurn();
    expect(transport.status).toBe(401);
    expect(transport.ends).toEqual(["answer"]);
  });

  it.each([
    [undefined, DEFAULT_HELD_RETRY],
    [500, 500],
  ])(
    "send a reader who was held too long away to come back, with retry %s (HUB B6, RULES B14, B43)",
    async (retry, least) => {
      const { stream, transport, clock } = openTurn(retry === undefined ? {} : { retry });
      stream.hold();
      clock.endTurn();
      clock.advance(HOLD_LIMIT);
      expect(transport.status).toBe(200);
      const last = Number(/retry: (\d+)\n\n$/.exec(transport.text)?.[1]);
      expect(last).toBeGreaterThanOrEqual(least);
      expect(last).toBeLessThanOrEqual(2 * least);
      expect(transport.ends).toEqual(["end"]);
      expect(await stream.closed).toBe("server");
      stream.refuse(404);
      stream.open();
      expect(transport.ends).toEqual(["end"]);
    },
  );

  it("throw once the head has left", () => {
    const { stream } = opened();
    expect(() => stream.hold()).toThrow(TypeError);
    expect(() => stream.refuse(404)).toThrow(TypeError);
    stream.open();
    expect(stream.signal.aborted).toBe(false);
  });

  it.each([200, 100, 600, 204.5, Number.NaN])("refuse to refuse with %s", (status) => {
    expect(() => openTurn().stream.refuse(status)).toThrow(RangeError);
  });
});

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
