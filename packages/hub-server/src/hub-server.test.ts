import { EventStreamError } from "@ssekit/codec";
import { memoryLog } from "@ssekit/hub";
import { describe, expect, it } from "vitest";
import { endpoint, errors, post, server, start } from "../test/running-server.ts";
import { startHubServer } from "./hub-server.ts";

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
