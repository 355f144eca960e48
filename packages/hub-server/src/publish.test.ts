import { once } from "node:events";
import { connect } from "node:net";
import { memoryLog } from "@ssekit/hub";
import { describe, expect, it } from "vitest";
import { endpoint, firstAfter, post, raw, read, server, start } from "../test/running-server.ts";
import { startHubServer } from "./hub-server.ts";

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
