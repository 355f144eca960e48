import { ScriptedServer } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { noContent, short, status } from "../test/scripts.ts";
import { SharedEventSourceClient, type SharedEventSourceClientOptions } from "./shared-event-source-client.ts";

// Here each runtime shares or doesn't, as it has locks or not; that tabs do is shown in shared.browser.test.ts.
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

describe("SharedEventSourceClient", () => {
  it("gives events and gaps, with a connection of its own where there are no locks", async () => {
    const gap = 'event: ssekit.gap\ndata: {"reason":"expired","cursor":"#1"}\nid: #1\n\n';
    const { client, server } = await open([short(`data: a\nid: 1\n\n${gap}event: b\ndata: c\n\n`), noContent]);
    const told: unknown[] = [];
    client.on("message", ({ data }) => told.push(data));
    client.onAny(({ type, lastEventId }) => told.push([type, lastEventId]));
    client.onGap(({ reason }) => told.push(reason));
    expect(await client.closed).toMatchObject({ readyState: 2, closeReason: "end", leading: false });
    expect(told).toEqual(["a", ["message", "1"], "expired", ["b", "#1"]]);
    expect(server.requests[1]?.headers["last-event-id"]).toBe("#1");
  });

  it("tells a failure once", async () => {
    const errors: unknown[] = [];
    const { client } = await open([status("404 x")], { onError: (error) => errors.push(error) });
    expect(await client.closed).toMatchObject({ closeReason: "error", reason: "status" });
    expect(errors).toEqual([expect.objectContaining({ code: "connection-failed" })]);
  });

  it("closes at once, by its signal too", async () => {
    const controller = new AbortController();
    const { client } = await open([(c) => c.head()], { signal: controller.signal });
    controller.abort();
    expect(await client.closed).toMatchObject({ closeReason: "client" });
    await using late = new SharedEventSourceClient("http://127.0.0.1/", { signal: controller.signal });
    expect(late.readyState).toBe(2);
  });
});

async function open(
  scripts: Parameters<typeof ScriptedServer.start>,
  options: SharedEventSourceClientOptions = {},
): Promise<{ client: SharedEventSourceClient; server: ScriptedServer }> {
  const server = await ScriptedServer.start(...scripts);
  const client = new SharedEventSourceClient(`${server.origin}/`, { retry: { floor: 1, spread: 1 }, ...options });
  opened.push(client, server);
  return { client, server };
}
