import { describe, expect, it } from "vitest";
import { endpoint, firstAfter, post, raw, read, server, start } from "../test/running-server.ts";

describe("GET /.well-known/mercure", () => {
  it.each([
    ["an exact topic", "?match=t1", "t1"],
    ["the second of two", "?match=other&match=t2", "t2"],
    ["a URI", "?match=https%3A%2F%2Fexample.net%2Ffoo%2F1", "https://example.net/foo/1"],
    ["a pattern", "?match_urlpattern=https%3A%2F%2Fexample.net%2Ffoo%2F%3Ax", "https://example.net/foo/2"],
    ["a relative pattern and topic", "?match_urlpattern=%2Fbooks%2F%3Aid", "/books/7"],
    ["*", "?match=*", "anything"],
    ["* as a pattern", "?match_urlpattern=*", "anything"],
    ["a topic that is percent-encoded", "?match=caf%C3%A9%20cr%C3%A8me", "café crème"],
  ])("delivers what is published to %s", async (_, query, topic) => {
    const reader = await read(query);
    const answer = await post({ topic, data: "one\ntwo\n\nthree", type: "update" });
    const id = await answer.text();
    expect(await reader.next()).toEqual({ type: "update", data: "one\ntwo\n\nthree", lastEventId: id });
    await reader.close();
  });

  it.each([
    ["another topic", "?match=quiet", "other"],
    ["a topic in another case", "?match=quiet", "Quiet"],
    ["a longer topic", "?match=quiet", "quiet/more"],
    ["a topic that only means the same URL", "?match=https%3A%2F%2Fexample.net%2Fa", "https://example.net:443/a"],
    [
      "a URI that the pattern doesn't match",
      "?match=quiet&match_urlpattern=https%3A%2F%2Fexample.net%2Fbar%2F%3Ax",
      "https://example.net/foo/1",
    ],
  ])("delivers nothing of %s", async (_, query, topic) => {
    const reader = await read(query);
    await post({ topic, data: "not for you" });
    expect(await firstAfter(reader, query.includes("quiet") ? "quiet" : "https://example.net/a")).toBe("the end");
  });

  it("resolves a relative topic against its own URL", async () => {
    const reader = await read(`?match_urlpattern=${encodeURIComponent(`${server.url}/books/:id`)}`);
    await post({ topic: "/books/1", data: "relative" });
    expect(await reader.next()).toMatchObject({ data: "relative" });
    await reader.close();
  });

  it("delivers an event with several matching topics once", async () => {
    const reader = await read("?match=m1&match=m2&match=*");
    await post([
      ["topic", "m1"],
      ["topic", "m2"],
      ["data", "once"],
    ]);
    expect(await reader.next()).toMatchObject({ data: "once" });
    expect(await firstAfter(reader, "m1")).toBe("the end");
  });

  it("answers with the head of an event stream, readable from every origin", async () => {
    const { response, close } = await read("?match=a", { headers: { origin: "https://example.com" } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "access-control-allow-origin": "*",
      "access-control-expose-headers": expect.stringMatching(/mercure-last-event-id/i),
    });
    expect(response.headers.has("access-control-allow-credentials")).toBe(false);
    expect(response.headers.has("content-length")).toBe(false);
    await close();
  });

  it("tells when to come back, at the start, and to do so on another connection", async () => {
    const answer = await raw("GET /.well-known/mercure?match=a HTTP/1.1\r\nHost: x\r\n\r\n", /retry: \d{4}\n/);
    expect(answer).toMatch(/retry: [12]\d{3}\n/);
    expect(answer).toMatch(/^connection: close\r$/im);
  });

  it("takes the whole URL as a request target, as proxies send it", async () => {
    const target = endpoint("?match=a");
    expect(await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, /\r\n\r\n/)).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    ["no matcher", "", /match=TOPIC/],
    ["an empty matcher", "?match=", /empty match/],
    ["an unknown matcher", "?match=a&match_regex=b", /match_regex/],
    ["an unknown matcher in another case", "?matchURLPattern=b", /matchURLPattern/],
    ["a control character in a topic", "?match=%00", /U\+0000/],
    ["a pattern with a regular expression", "?match_urlpattern=%2F(a%2B)%2B", /pattern/],
    ["a pattern that does not end", "?match_urlpattern=https%3A%2F%2F%7B", /pattern/],
    ["a pattern with an unnamed parameter", "?match_urlpattern=%2Fa%2F%3A", /pattern/],
  ])("refuses %s with 400 and a reason", async (_, query, reason) => {
    const answer = await fetch(endpoint(query));
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await answer.text()).toMatch(reason);
  });

  it("refuses a reader that does not accept event streams with 406", async () => {
    expect((await fetch(endpoint("?match=a"), { headers: { accept: "application/json" } })).status).toBe(406);
  });
});

describe("a cursor", () => {
  it.each([
    ["in the Last-Event-ID header", (id: string) => ["?match=c1", { "last-event-id": id }] as const],
    ["in the query", (id: string) => [`?match=c1&last_event_id=${encodeURIComponent(id)}`, {}] as const],
    [
      "in the header rather than the query, RULES B35",
      (id: string) => ["?match=c1&last_event_id=earliest", { "last-event-id": id }] as const,
    ],
  ])("%s resumes after its event, without a gap", async (_, request) => {
    await post({ topic: "c1", data: "before" });
    const cursor = await (await post({ topic: "c1", data: "seen" })).text();
    await post({ topic: "c1", data: "missed" });
    const [query, headers] = request(cursor);
    const reader = await read(query, { headers });
    expect(reader.response.headers.get("mercure-last-event-id")).toBe(cursor);
    expect(await reader.nextOfAny()).toMatchObject({ type: "ssekit.cursor", lastEventId: cursor });
    expect(await reader.nextOfAny()).toMatchObject({ type: "message", data: "missed" });
    await reader.close();
  });

  it.each([
    ["in the query", "?match=c2&last_event_id=earliest", {}],
    ["in the header", "?match=c2", { "last-event-id": "earliest" }],
  ])("earliest %s brings all there is", async (_, query, headers) => {
    const fresh = await start();
    const id = await (await post({ topic: "c2", data: "first" }, { to: fresh })).text();
    const reader = await read(query, { headers, to: fresh });
    expect(reader.response.headers.get("mercure-last-event-id")).not.toBeNull();
    expect(await reader.next()).toEqual({ type: "message", data: "first", lastEventId: id });
    await reader.close();
    await fresh.close();
  });

  it.each([
    ["that is nonsense", "nonsense", "unknown"],
    ["that is empty", "", "unknown"],
    ["of another hub", "#0000-1-1", "foreign"],
  ])("%s is a gap, told first and with an id to go on from", async (_, cursor, reason) => {
    const reader = await read(`?match=c3&last_event_id=${encodeURIComponent(cursor)}`);
    const gap = await reader.nextOfAny();
    expect(gap.type).toBe("ssekit.gap");
    expect(JSON.parse(gap.data)).toMatchObject({ reason });
    expect(gap.lastEventId).toBe(reader.response.headers.get("mercure-last-event-id"));
    await reader.close();
  });
});

describe("with ids: publisher", () => {
  it("the wire and the answer have the publisher's id, and it resumes", async () => {
    const to = await start({ ids: "publisher" });
    const reader = await read("?match=q", { to });
    const id = 'id-["q"] é 日本';
    const answer = await post({ topic: "q", data: "one\n\ntwo", id }, { to });
    expect(await answer.text()).toBe(id);
    expect(await reader.next()).toEqual({ type: "message", data: "one\n\ntwo", lastEventId: id });
    await reader.close();
    await post({ topic: "q", data: "missed", id: "2" }, { to });
    const resumed = await read(`?match=q&last_event_id=${encodeURIComponent(id)}`, { to });
    expect(await resumed.next()).toEqual({ type: "message", data: "missed", lastEventId: "2" });
    const header = resumed.response.headers.get("mercure-last-event-id") ?? "";
    expect(Buffer.from(header, "latin1").toString()).toBe(id);
    await resumed.close();
    const headers = { "last-event-id": header };
    const again = await read("?match=q", { to, headers });
    expect(await again.next()).toMatchObject({ data: "missed" });
    await again.close();
    await to.close();
  });
});
