import { type DispatchedEvent, parseEventStream } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { post, read, start } from "../test/running-server.ts";
import type { HubServer } from "./hub-server.ts";

describe("/live", () => {
  /** What a live page hears, and a way to wait for some of it. */
  async function look(to: HubServer) {
    const abort = new AbortController();
    const page = parseEventStream(await fetch(`${to.url}/live`, { signal: abort.signal }))[Symbol.asyncIterator]();
    const messages: { event: DispatchedEvent; data: unknown }[] = [];
    const until = async (type: string, wanted: object): Promise<DispatchedEvent> => {
      for (;;) {
        const event = (await page.next()).value as DispatchedEvent;
        const data = event.data === "" ? {} : JSON.parse(event.data);
        if (event.type === "message") messages.push({ event, data });
        if (event.type !== type) continue;
        if (expect.objectContaining(wanted).asymmetricMatch(data)) return event;
      }
    };
    return { messages, until, leave: () => abort.abort() };
  }

  it("carries every event in an envelope with its topics, without the private ones, and how things stand", async () => {
    const to = await start();
    const { messages, until, leave } = await look(to);
    await until("stats", { connections: 1 });
    await post({ topic: "l", data: "secret", private: "" }, { to });
    const fields = [
      ["topic", "l"],
      ["topic", "m"],
      ["data", "hello"],
      ["type", "greeting"],
    ];
    const id = await (await post(fields, { to })).text();
    const event = await until("message", {});
    expect(event.lastEventId).toBe(id);
    const envelope = { type: "greeting", data: "hello", topics: ["l", "m"], at: expect.any(Number) };
    expect(messages).toEqual([{ event, data: envelope }]);
    const stats = await until("stats", { events: 1 });
    expect(JSON.parse(stats.data)).toEqual({
      connections: 1,
      events: 1,
      topicCount: 2,
      topics: [
        { name: "m", readers: 0, events: 1 },
        { name: "l", readers: 0, events: 1 },
      ],
    });
    leave();
    await to.close();
  });

  it("tells when readers come and go", async () => {
    const to = await start();
    const { until, leave } = await look(to);
    const reader = await read("?match=l&match_urlpattern=/:x", { to });
    const readers = (name: string) => ({ name, readers: 1, events: 0 });
    await until("stats", { connections: 2, topics: [readers("l"), readers("/:x")] });
    await reader.close();
    await until("stats", { connections: 1, topics: [] });
    leave();
    await to.close();
  });

  it("begins with the 50 newest events, and goes on where its page stopped", async () => {
    const to = await start();
    for (let n = 1; n <= 60; n += 1) await post({ topic: "l", data: `${n}` }, { to });
    const { messages, until, leave } = await look(to);
    await until("message", { data: "60" });
    expect(messages.map(({ data }) => (data as { data: string }).data)).toEqual(
      Array.from({ length: 50 }, (_, index) => `${index + 11}`),
    );
    leave();
    const cursor = encodeURIComponent(messages[40]?.event.lastEventId ?? "");
    const resumed = parseEventStream(await fetch(`${to.url}/live?last_event_id=${cursor}`));
    for await (const { type, data } of resumed) {
      if (type !== "message") continue;
      expect(JSON.parse(data)).toMatchObject({ data: "52" });
      break;
    }
    await to.close();
  });
});
