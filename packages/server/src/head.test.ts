import { describe, expect, it } from "vitest";
import { FIRST, opened, openTurn } from "../test/open-turn.ts";
import { DEFAULT_HELD_RETRY, HOLD_LIMIT } from "./defaults.ts";

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
