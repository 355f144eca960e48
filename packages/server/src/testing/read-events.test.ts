import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { EventStream } from "../event-stream.ts";
import { eventStreamResponse } from "../event-stream-response.ts";
import { readEvents } from "./read-events.ts";

const head = { headers: { "content-type": "text/event-stream; charset=utf-8" } };

/** A response with three events that stays open, and its stream. */
async function respond(): Promise<{ response: Response; stream: EventStream }> {
  let stream!: EventStream;
  const response = await eventStreamResponse(new Request("http://localhost/"), (opened) => {
    stream = opened;
    for (const data of ["a", "b", "c"]) stream.send({ data });
  });
  return { response, stream };
}

const read = async (...args: Parameters<typeof readEvents>): Promise<string[]> =>
  (await readEvents(...args)).map(({ data }) => data);

describe("readEvents() from a response", () => {
  it("reads so many events and leaves, which the server sees", async () => {
    const { response, stream } = await respond();
    expect(await read(response, { count: 2 })).toEqual(["a", "b"]);
    expect(await stream.closed).toBe("client");
  });

  it("reads until the event that is asked for", async () => {
    const { response, stream } = await respond();
    expect(await read(response, { count: 3, until: ({ data }) => data === "b" })).toEqual(["a", "b"]);
    expect(await stream.closed).toBe("client");
  });

  it("reads to the end, however few events come", async () => {
    const { response, stream } = await respond();
    stream.close();
    expect(await read(response, { count: 9 })).toEqual(["a", "b", "c"]);
    expect(await readEvents(new Response("id: 1\nevent: x\ndata\n\n", head))).toEqual([
      { type: "x", data: "", lastEventId: "1" },
    ]);
  });

  it("fails when the time is up, says what came, and leaves", async () => {
    const { response, stream } = await respond();
    const error = await readEvents(response, { count: 4, timeout: 50 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "TimeoutError", message: expect.stringContaining('"data":"c"') });
    expect(await stream.closed).toBe("client");
  });

  it.each([
    ["status 204", new Response(null, { status: 204 })],
    ["status 404", new Response("{}", { ...head, status: 404 })],
    ["type text/plain", new Response("data: a\n\n", { headers: { "content-type": "text/plain" } })],
    ["type text/event-streamx", new Response("", { headers: { "content-type": "text/event-streamx" } })],
    ["type null", new Response(null)],
  ])("refuses what is no event stream: %s (RULES A8, A9)", async (what, response) => {
    const error = await readEvents(response).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toContain(what);
  });

  it.each([0, Number.NaN])("refuses to read %s events", async (count) => {
    await expect(readEvents(new Response("", head), { count })).rejects.toThrow(RangeError);
  });
});

describe("readEvents() from a URL", () => {
  it("fetches an event stream and ends its connection", async () => {
    let accept: string | undefined;
    let closed: Promise<unknown> | undefined;
    const server = createServer((req, res) => {
      accept = req.headers.accept;
      closed = once(res, "close");
      res.writeHead(200, head.headers).write("data: a\n\ndata: b\n\n");
    });
    onTestFinished(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
    expect(await read(url, { count: 1 })).toEqual(["a"]);
    await closed;
    expect(accept).toBe("text/event-stream");
    expect(await read(new URL(url), { count: 2 })).toEqual(["a", "b"]);
  });

  it("fails when no answer comes in time", async () => {
    const server = createServer(() => {});
    onTestFinished(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
    await expect(readEvents(url, { timeout: 50 })).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
