import { describe, expect, it } from "vitest";
import { endpoint, raw, read, server, start } from "../test/running-server.ts";

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
