import { describe, expect, it } from "vitest";
import { MemoryTransport } from "./memory-transport.ts";
import { openMemoryStream } from "./open-memory-stream.ts";
import { VirtualClock } from "./virtual-clock.ts";

const types = ({ events }: MemoryTransport): string[] => events.map(({ type }) => type);

describe("openMemoryStream()", () => {
  it("gives the stream that a server opens, and what its reader got", () => {
    const { stream, transport, clock } = openMemoryStream({ headers: { "x-a": "1" }, retry: 500 });
    stream.send({ event: "greeting", data: { hello: "world" } });
    expect(transport.status).toBeUndefined();
    clock.endTurn();
    expect(transport.status).toBe(200);
    expect(transport.headers?.get("x-a")).toBe("1");
    expect(transport.text).toBe(': \nretry: 500\n\nevent: greeting\ndata: {"hello":"world"}\n\n');
    expect(transport.events).toEqual([{ type: "greeting", data: '{"hello":"world"}', lastEventId: "" }]);
  });

  it("takes the request, which brings the cursor", () => {
    const request = new Request("http://localhost/", { headers: { "last-event-id": "7" } });
    expect(openMemoryStream({ request }).stream.lastEventId).toBe("7");
  });

  it("shares a clock that it is given", () => {
    const clock = new VirtualClock();
    const { transport } = openMemoryStream({ clock, heartbeat: 1_000 });
    const { transport: other } = openMemoryStream({ clock, heartbeat: 2_000 });
    clock.advance(2_000);
    expect([transport.writes.length, other.writes.length]).toEqual([3, 2]);
  });

  it("refuses options as a server does", () => {
    expect(() => openMemoryStream({ retry: 1.5 })).toThrow(RangeError);
  });
});

describe("a reader in memory", () => {
  it("stalls, takes a little, and gets the rest in order when it reads again (RULES B19)", async () => {
    const transport = new MemoryTransport({ highWaterMark: 20 });
    const { stream, clock } = openMemoryStream({ transport });
    clock.endTurn();
    transport.reading = false;
    for (const event of ["a", "b"]) stream.send({ event, data: "1" });
    clock.endTurn();
    expect(types(transport)).toEqual([]);
    const block = "event: a\ndata: 1\n\n".length;
    expect(stream.desiredSize).toBe(20 - 2 * block);
    const { ready } = stream;
    transport.drain(block - 1);
    expect(types(transport)).toEqual([]);
    transport.drain(1);
    expect(types(transport)).toEqual(["a"]);
    await ready;
    transport.reading = true;
    stream.send({ event: "c", data: "" });
    clock.endTurn();
    expect(types(transport)).toEqual(["a", "b", "c"]);
    expect(transport.bufferedBytes).toBe(0);
  });

  it("vanishes: what is sent leaves and arrives nowhere, until the system takes no more (HUB C1)", async () => {
    const { stream, transport, clock } = openMemoryStream({ heartbeat: 1_000 });
    clock.endTurn();
    transport.vanish(10);
    clock.advance(2_000);
    expect(transport.writes).toHaveLength(3);
    expect(transport.bufferedBytes).toBe(0);
    stream.send({ data: "lost" });
    clock.endTurn();
    expect(transport.bufferedBytes).toBe("data: lost\n\n".length - 2);
    transport.drain();
    transport.reading = true;
    clock.advance(10_000);
    expect(transport.writes).toHaveLength(4);
    expect(types(transport)).toEqual([]);
    transport.leave();
    expect(await stream.closed).toBe("client");
  });

  it("vanishes into 4 MiB by default", () => {
    const transport = new MemoryTransport();
    transport.vanish();
    for (let n = 0; n < 65; n++) transport.write(new Uint8Array(65_536));
    expect(transport.bufferedBytes).toBe(65_536);
  });

  it("gets nothing of what waited when the response is dropped", async () => {
    const { stream, transport, clock } = openMemoryStream({ maxBufferedBytes: 100 });
    clock.endTurn();
    transport.reading = false;
    for (let n = 0; n < 2; n++) {
      stream.send({ data: "x".repeat(100) });
      clock.endTurn();
    }
    expect(await stream.closed).toBe("overflow");
    transport.reading = true;
    expect(transport.ends).toEqual(["abort"]);
    expect(types(transport)).toEqual([]);
  });
});
