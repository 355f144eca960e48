import type { Script, ScriptedConnection } from "testing";
import { describe, expect, it } from "vitest";
import { FastClock } from "../test/fast-clock.ts";
import { collect, fast, open } from "../test/open-client.ts";
import { noContent, short, status } from "../test/scripts.ts";

describe("EventSourceClient", () => {
  it.each<[string, Script, string]>([
    ["ends", short("data: a\n\n"), "end"],
    [
      "breaks off",
      (c) =>
        c.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99\r\n\r\ndata: a\n\n").end(),
      "error",
    ],
    ["is refused", status("503 x"), "error"],
  ])("never repeats a POST whose stream %s", async (_how, script, closeReason) => {
    const { client, server } = await open([script], { ...fast, method: "POST", onError: () => {} });
    client.onAny(() => {});
    expect(await client.closed).toMatchObject({ closeReason });
    expect(server.requests).toHaveLength(1);
  });

  it.each([400, 401, 404, 410, 501, 201])("takes %i for final, and says so", async (code) => {
    const { client, server } = await open([status(`${code} x`)], fast);
    await expect(collect(client)).rejects.toMatchObject({
      code: "connection-failed",
      cause: expect.objectContaining({ reason: "status" }),
    });
    expect([client.state.closeReason, server.requests.length]).toEqual(["error", 1]);
  });

  it("waits the floor and a part of a spread that doubles, up to the ceiling", async () => {
    const clock = new FastClock();
    const retry = { floor: 100, ceiling: 2_000, spread: 400, random: () => 0.5, maxAttempts: 6 };
    const { client } = await open([status("503 x")], { clock, idleTimeout: 0, retry, onError: () => {} });
    await client.closed;
    expect(clock.waits).toEqual([300, 500, 900, 1050, 1050]);
  });

  it.each([
    ["retry:", short("retry: 700\n\n"), 700],
    ["retry: over the ceiling", short("retry: 70000\n\n"), 2_000],
    ["retry: under the floor", short("retry: 1\n\n"), 100],
    ["Retry-After", status("503 x", "Retry-After: 1"), 1_000],
    ["Retry-After over the ceiling", status("429 x", "Retry-After: 9"), 2_000],
  ])("waits as long as the server asks by %s, within its bounds", async (_by, script, wait) => {
    const clock = new FastClock();
    const retry = { floor: 100, ceiling: 2_000, random: () => 0 };
    const { client } = await open([script, noContent], { clock, idleTimeout: 0, retry });
    client.onAny(() => {});
    await client.closed;
    expect(clock.waits).toEqual([wait]);
  });

  it("counts anew after a connection that lived long enough", async () => {
    const clock = new FastClock();
    const attempts: number[] = [];
    const long: Script = (c) => {
      c.head().write("data: a\n\n");
    };
    const connections: ScriptedConnection[] = [];
    const { client } = await open(
      [
        status("503 x"),
        status("503 x"),
        (c, request) => {
          connections.push(c);
          long(c, request);
        },
        noContent,
      ],
      { clock, idleTimeout: 0, headers: ({ attempt }) => ({ "x-attempts": `${attempts.push(attempt)}` }) },
    );
    client.on("message", () => {
      clock.pass(10_000);
      connections[0]?.end();
    });
    await client.closed;
    expect(attempts).toEqual([1, 2, 3, 1]);
  });

  it("gives up after so many attempts, or so long", async () => {
    const more = { idleTimeout: 0, onError: () => {} };
    const byCount = await open([status("503 x")], { ...more, clock: new FastClock(), retry: { maxAttempts: 3 } });
    await byCount.client.closed;
    expect(byCount.server.requests).toHaveLength(3);
    const byTime = await open([status("503 x")], {
      ...more,
      clock: new FastClock(),
      retry: { maxElapsed: 2_000, random: () => 0 },
    });
    await byTime.client.closed;
    expect(byTime.server.requests).toHaveLength(5);
  });

  it("asks isFinal, which may read the body of the answer", async () => {
    const isFinal = async ({ response }: { response?: Response }): Promise<boolean> =>
      (await response?.text()) === "gone";
    const { client, server } = await open(
      [(c) => c.head("404 x").write("later").end(), (c) => c.head("404 x").write("gone").end()],
      { retry: { floor: 1, spread: 1, isFinal }, onError: () => {} },
    );
    await client.closed;
    expect(server.requests).toHaveLength(2);
  });
});
