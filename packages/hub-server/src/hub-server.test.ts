import { once } from "node:events";
import { connect } from "node:net";
import { type DispatchedEvent, EventStreamError, parseEventStream } from "@ssekit/codec";
import { memoryLog } from "@ssekit/hub";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type HubServer, type HubServerOptions, startHubServer } from "./hub-server.ts";

const errors: unknown[] = [];
const start = (options: HubServerOptions = {}): Promise<HubServer> =>
  startHubServer({ port: 0, onError: (error) => errors.push(error), ...options });

let server: HubServer;
beforeAll(async () => {
  server = await start();
});
afterAll(() => server.close());
afterEach(() => {
  expect(errors.splice(0)).toEqual([]);
});

const endpoint = (query = "", { url } = server): string => `${url}/.well-known/mercure${query}`;

interface PostOptions {
  headers?: Record<string, string>;
  to?: HubServer;
}

function post(
  fields: string | Record<string, string> | string[][],
  { headers = {}, to }: PostOptions = {},
): Promise<Response> {
  return fetch(endpoint("", to), { method: "POST", body: new URLSearchParams(fields), headers });
}

interface Reader {
  response: Response;
  /** The next event that is not the hub's own. */
  next(): Promise<DispatchedEvent>;
  /** The next event of whatever type. */
  nextOfAny(): Promise<DispatchedEvent>;
  close(): Promise<void>;
}

async function read(query: string, { headers = {}, to }: PostOptions = {}): Promise<Reader> {
  const abort = new AbortController();
  const response = await fetch(endpoint(query, to), { headers, signal: abort.signal });
  expect(response.status).toBe(200);
  const events = parseEventStream(response)[Symbol.asyncIterator]();
  const nextOfAny = async (): Promise<DispatchedEvent> => {
    const { value, done } = await events.next();
    if (done) throw new Error("The stream ended");
    return value;
  };
  const next = async (): Promise<DispatchedEvent> => {
    const event = await nextOfAny();
    return event.type.startsWith("ssekit.") ? next() : event;
  };
  const close = async (): Promise<void> => {
    abort.abort();
    await events.next().catch(() => undefined);
  };
  return { response, next, nextOfAny, close };
}

/** What the reader gets when something it must not get was published before something that it gets. */
async function firstAfter(reader: Reader, topic: string): Promise<string> {
  await post({ topic, data: "the end" });
  const { data } = await reader.next();
  await reader.close();
  return data;
}

/** Writes bytes to the server as they are and gives all that it answers until it closes, or `until` is found. */
async function raw(text: string, until = /never/): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  let answer = "";
  socket.on("error", () => undefined);
  socket.on("data", (data: string) => {
    answer += data;
    if (until.test(answer)) socket.destroy();
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

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

describe("POST /.well-known/mercure", () => {
  it("answers 200 with the id as plain text, which is the event's id on the wire", async () => {
    const reader = await read("?match=p1");
    const answer = await post({ topic: "p1", data: "x", id: "urn:mine" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const id = await answer.text();
    expect(id).toMatch(/^#[\x21-\x7e]+$/);
    expect((await reader.next()).lastEventId).toBe(id);
    await reader.close();
  });

  it("hands on retry, and data that is missing as the empty string", async () => {
    const reader = await read("?match=p2");
    await post("topic=p2&retry=2500&unknown=field");
    expect(await reader.next()).toMatchObject({ type: "message", data: "" });
    await reader.close();
    const sent = await raw(
      "GET /.well-known/mercure?match=p2&last_event_id=earliest HTTP/1.1\r\nHost: x\r\n\r\n",
      /retry: 2500/,
    );
    expect(sent).toContain("retry: 2500");
  });

  it("answers a repeated id with the first cursor, and 409 when the event differs", async () => {
    const first = await (await post({ topic: "p3", data: "x", id: "once" })).text();
    expect(await (await post({ topic: "p3", data: "x", id: "once" })).text()).toBe(first);
    const conflict = await post({ topic: "p3", data: "y", id: "once" });
    expect(conflict.status).toBe(409);
    expect(await conflict.text()).toMatch(/once/);
  });

  it("answers 409 for a topic that has ended, 204 to its readers, and 400 for more matchers than one may have", async () => {
    const log = memoryLog();
    const ending = await startHubServer({ port: 0, log });
    const end = { private: false, id: undefined, key: undefined, end: true, event: {}, bytes: 0 };
    await log.append([{ ...end, topics: ["over"] }]);
    const endpoint = `${ending.url}/.well-known/mercure`;
    const late = await fetch(endpoint, { method: "POST", body: new URLSearchParams({ topic: "over", data: "x" }) });
    expect([late.status, await late.text()]).toEqual([409, expect.stringMatching(/ended/)]);
    expect((await fetch(`${endpoint}?match=over`)).status).toBe(204);
    const many = await fetch(`${endpoint}?${"match=a&".repeat(1001)}`);
    expect([many.status, await many.text()]).toEqual([400, expect.stringMatching(/1000 is the most/)]);
    await ending.close();
  });

  it.each(["private=on", "private", "private=", "private=off"])("with %s reaches nobody", async (field) => {
    const reader = await read("?match=p4&match=*");
    const answer = await post(`topic=p4&data=secret&${field}`);
    expect(answer.status).toBe(200);
    expect(await firstAfter(reader, "p4")).toBe("the end");
    const replay = await read("?match=p4&last_event_id=earliest");
    expect(await replay.next()).toMatchObject({ data: "the end" });
    await replay.close();
  });

  it.each([
    ["no topic", "data=x", /topic/],
    ["the topic *", "topic=*", /\*/],
    ["the hub's own path", "topic=%2F.well-known%2Fmercure", /hub's own/],
    ["a topic below it", "topic=https%3A%2F%2Fexample.com%2F.well-known%2Fmercure%2Fx", /hub's own/],
    ["a C0 character in the topic", "topic=a%0Ab", /U\+000A/],
    ["DEL in the topic", "topic=a%7F", /U\+007F/],
    ["a C1 character in the topic", "topic=a%C2%85", /U\+0085/],
    ["a Cf character in the topic", "topic=a%E2%80%8B", /U\+200B/],
    ["a control character in the id", "topic=a&id=x%00", /U\+0000/],
    ["a Cf character in the id", "topic=a&id=x%EF%BB%BF", /U\+FEFF/],
    ["an id with # in front", "topic=a&id=%23x", /"#x"/],
    ["the id earliest", "topic=a&id=earliest", /earliest/],
    ["a control character in the type", "topic=a&type=x%0D", /U\+000D/],
    ["a Cf character in the type", "topic=a&type=%E2%80%AE", /U\+202E/],
    ["the type mercure", "topic=a&type=mercure", /mercure/],
    ["a type of the hub", "topic=a&type=ssekit.gap", /ssekit\.gap/],
    ["a retry that is not all digits", "topic=a&retry=1e3", /1e3/],
    ["a negative retry", "topic=a&retry=-1", /-1/],
  ])("refuses %s with 400 and a reason", async (_, form, reason) => {
    const answer = await post(form);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await answer.text()).toMatch(reason);
  });

  it("refuses bytes that are not UTF-8 with 400", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await fetch(endpoint(), { method: "POST", headers, body: Uint8Array.of(0x74, 0xff, 0xfe) });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/UTF-8/);
  });

  it.each([
    ["another content type", { "content-type": "application/json" }],
    ["an encoded body", { "content-type": "application/x-www-form-urlencoded", "content-encoding": "gzip" }],
  ])("refuses %s with 415", async (_, headers) => {
    const answer = await fetch(endpoint(), { method: "POST", headers, body: "{}" });
    expect(answer.status).toBe(415);
  });

  it("refuses a body without a content type with 415", async () => {
    const answer = await fetch(endpoint(), { method: "POST", body: Uint8Array.of(1) });
    expect(answer.status).toBe(415);
    expect(await answer.text()).toMatch(/x-www-form-urlencoded/);
  });

  it("takes a form whatever the case and parameters of its content type", async () => {
    const headers = { "content-type": "Application/X-WWW-Form-Urlencoded ; charset=UTF-8" };
    expect((await fetch(endpoint(), { method: "POST", headers, body: "topic=a" })).status).toBe(200);
  });

  it.each([
    ["as it says beforehand", (body: string) => body],
    ["as it turns out", (body: string) => new Blob([body]).stream()],
  ])("refuses a body that is too large, %s, with 413, and lives on", async (_, form) => {
    const small = await start({ maxBodyBytes: 100 });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const send = (bytes: number): Promise<Response> => {
      const body = form(`topic=a&data=${"x".repeat(bytes - 13)}`);
      return fetch(endpoint("", small), { method: "POST", headers, body, duplex: "half" } as RequestInit);
    };
    const refused = await send(2_000_000);
    expect(refused.status).toBe(413);
    expect(await refused.text()).toMatch(/100 bytes/);
    expect((await send(101)).status).toBe(413);
    expect((await send(100)).status).toBe(200);
    await small.close();
  });

  it("answers a body that is too large without waiting for its end", async () => {
    const head = "POST /.well-known/mercure HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    const chunk = "x".repeat(0x200000);
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n200000\r\n${chunk}\r\n`, /\r\n\r\n/)).toMatch(
      /^HTTP\/1.1 413 /,
    );
  });

  it("refuses a topic that is too long with 413", async () => {
    expect((await post({ topic: "x".repeat(1025) })).status).toBe(413);
    expect((await post({ topic: "x".repeat(1024), id: "y".repeat(1024), type: "z".repeat(1024) })).status).toBe(200);
  });

  it("ignores a token, RULES none: it needs none on loopback", async () => {
    const answer = await post(
      { topic: "a" },
      { headers: { authorization: "Bearer nonsense", cookie: "mercureAccessToken=x" } },
    );
    expect(answer.status).toBe(200);
  });

  it.each([
    ["a page of this machine", "http://localhost:3000", 200],
    ["the hub's own page", "http://127.0.0.1:4711", 200],
    ["a page of a web site", "https://example.com", 403],
    ["a sandboxed page", "null", 403],
  ])("from %s", async (_, origin, status) => {
    const reader = await read("?match=p5");
    const answer = await post({ topic: "p5", data: "from a page" }, { headers: { origin } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await firstAfter(reader, "p5")).toBe(status === 200 ? "from a page" : "the end");
  });

  it("survives an upload that breaks off", async () => {
    const head = "POST /.well-known/mercure HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(`${head}Content-Length: 100\r\n\r\ntopic=a`);
    await once(socket, "connect");
    socket.destroy();
    expect((await post({ topic: "a" })).status).toBe(200);
  });
});

describe("other requests", () => {
  it("answers HEAD with the head alone, and registers nothing, RULES B13", async () => {
    const to = await start();
    const answer = await fetch(endpoint("?match=a", to), { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(await answer.text()).toBe("");
    expect(await (await fetch(`${to.url}/healthz`)).json()).toEqual({ status: "ok", connections: 0 });
    expect((await fetch(endpoint("", to), { method: "HEAD" })).status).toBe(400);
    await to.close();
  });

  it("answers a preflight", async () => {
    const answer = await fetch(endpoint(), { method: "OPTIONS", headers: { origin: "https://example.com" } });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": expect.stringMatching(/authorization.*last-event-id/i),
    });
  });

  it.each([
    ["PUT", "/.well-known/mercure", "GET, HEAD, POST, OPTIONS"],
    ["DELETE", "/healthz", "GET, HEAD"],
    ["POST", "/", "GET, HEAD"],
    ["POST", "/live", "GET, HEAD"],
  ])("answers %s %s with 405 and what is allowed", async (method, path, allow) => {
    const answer = await fetch(server.url + path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it.each([
    "/nowhere",
    "/.well-known/mercure/",
    "/.well-known/mercure/subscriptions",
    "/../package.json",
    "//x//",
    "/%",
    "/%ff",
    "*",
  ])("answers %s with 404", async (target) => {
    const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
  });

  it("answers a request that is no HTTP with 400", async () => {
    expect(await raw("nonsense\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  });

  it("serves the page from its own files, and lets it load nothing else", async () => {
    for (const [path, type] of [
      ["/", "text/html"],
      ["/page.js", "text/javascript"],
      ["/page.css", "text/css"],
      ["/icon.svg", "image/svg+xml"],
    ]) {
      const answer = await fetch(server.url + path);
      expect(answer.headers.get("content-type")).toContain(type);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await answer.text()).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//);
    }
  });

  it("answers /healthz with the number of readers", async () => {
    const to = await start();
    const reader = await read("?match=h", { to });
    const answer = await fetch(`${to.url}/healthz`);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual({ status: "ok", connections: 1 });
    await reader.close();
    await to.close();
  });
});

describe("/metrics", () => {
  it("tells what the hub has done, and its process, in Prometheus' text format", async () => {
    const to = await start({ metrics: true });
    const [reader, left] = [await read("?match=m", { to }), await read("?match=m", { to })];
    for (const id of ["1", "1", "2"]) await post({ topic: "m", data: "x", id }, { to });
    for (const _ of ["1", "2"]) await reader.next();
    await left.close();
    await expect.poll(() => scrape(to)).toContain('ssekit_hub_connections_closed_total{reason="client"} 1\n');
    const text = await scrape(to);
    for (const line of [
      "# TYPE ssekit_hub_connections gauge",
      'ssekit_hub_connections{state="live"} 1',
      'ssekit_hub_connections{state="behind"} 0',
      'ssekit_hub_connections_closed_total{reason="drain"} 0',
      "# TYPE ssekit_hub_connections_opened_total counter",
      "ssekit_hub_connections_opened_total 2",
      'ssekit_hub_published_entries_total{outcome="appended"} 2',
      'ssekit_hub_published_entries_total{outcome="repeated"} 1',
      "# TYPE ssekit_hub_replay_depth_entries histogram",
      'ssekit_hub_replay_depth_entries_bucket{le="0"} 2',
      'ssekit_hub_replay_depth_entries_bucket{le="+Inf"} 2',
      "ssekit_hub_replay_depth_entries_sum 0",
      "ssekit_hub_replay_depth_entries_count 2",
      'ssekit_hub_publish_duration_seconds_bucket{le="+Inf"} 3',
      "ssekit_hub_tail_lost_total 0",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    expect(text).not.toContain("undefined");
    await reader.close();
    await to.close();
  });

  it("gives the same figures at each scrape, not sums of them", async () => {
    const to = await start({ metrics: true });
    await post({ topic: "m", data: "x" }, { to });
    await scrape(to);
    expect(await scrape(to)).toContain('ssekit_hub_published_entries_total{outcome="appended"} 1\n');
    await to.close();
  });

  it("takes GET and HEAD", async () => {
    const to = await start({ metrics: true });
    expect((await fetch(`${to.url}/metrics`, { method: "HEAD" })).status).toBe(200);
    const refused = await fetch(`${to.url}/metrics`, { method: "POST" });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    await to.close();
  });

  it("is not there unless it is asked for", async () => {
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });

  async function scrape({ url }: HubServer): Promise<string> {
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    return answer.text();
  }
});

describe("while the store of the log is away", () => {
  it("publishers and /healthz get 503, and a reader an end that brings it back (RULES B39)", async () => {
    const log = memoryLog();
    const to = await start({ log });
    const away = (): Promise<never> =>
      Promise.reject(new EventStreamError("log-unavailable", "Cannot reach the log: it is away"));
    Object.assign(log, { append: away, head: away });

    const published = await post({ topic: "a", data: "x" }, { to });
    expect([published.status, await published.text()]).toEqual([503, expect.stringContaining("under the same id")]);
    const health = await fetch(`${to.url}/healthz`);
    expect(health.status).toBe(503);
    const reason = "Cannot reach the log: it is away";
    expect(await health.json()).toEqual({ status: "unavailable", connections: 0, reason });
    const reader = await fetch(endpoint("?match=a", to));
    expect([reader.status, await reader.text()]).toEqual([200, expect.stringMatching(/retry: \d+/)]);
    expect(errors.splice(0)).toEqual([expect.objectContaining({ code: "log-unavailable" })]);
    await to.close();
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

describe("startHubServer()", () => {
  it("refuses an address that others can reach", async () => {
    await expect(startHubServer({ port: 0, host: "0.0.0.0" })).rejects.toThrow(/no token.*loopback/);
  });

  it("rejects with Node's error when the port is in use", async () => {
    await expect(startHubServer({ port: Number(new URL(server.url).port) })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  it("tells readers when to come back and ends their streams when it closes", async () => {
    const stopping = await start();
    const response = await fetch(endpoint("?match=a", stopping));
    const text = response.text();
    await stopping.close();
    expect(await text).toMatch(/retry: \d+\n[\s\S]*retry: \d+\n\n$/);
    await expect(fetch(stopping.url)).rejects.toThrow();
  });
});

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
