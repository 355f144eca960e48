import { type ScriptedConnection, ScriptedServer } from "testing";
import { describe, expect, it } from "vitest";
import { HandClock } from "../test/hand-clock.ts";
import { opened } from "../test/opened.ts";
import { noContent, short, status, turn } from "../test/scripts.ts";
import { SharedEventSourceClient, type SharedEventSourceClientOptions } from "./shared-event-source-client.ts";

// Here each runtime shares or doesn't, as it has locks or not; that tabs do is shown in shared.browser.test.ts.
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

// Clients of one process are to each other what tabs are.
describe.skipIf(navigator.locks === undefined)("SharedEventSourceClients of one name", () => {
  it("each get what has no id of its own, and go on when the one that leads is closed", async () => {
    const connections: ScriptedConnection[] = [];
    const { client: leading, server } = await open([(c) => void connections.push(c.head())], {
      clock: new HandClock(),
    });
    await until(() => leading.readyState === 1);
    const next = new SharedEventSourceClient(leading.url);
    opened.push(next);
    const got: unknown[] = [];
    next.onAny(({ data }) => got.push(data));
    await until(() => next.readyState === 1);
    expect([leading.state.leading, next.state.leading, server.requests.length]).toEqual([true, false, 1]);
    connections[0]?.write("data: a\n\ndata: a\n\n");
    await until(() => got.length === 2);
    const states: number[] = [];
    next.onState(({ readyState }) => states.push(readyState));
    leading.close();
    await until(() => connections.length === 2 || next.readyState === 2);
    connections[1]?.write("data: b\n\nid: 1\ndata: c\n\ndata: d\n\n");
    await until(() => got.length === 5 || next.readyState === 2);
    expect([got, next.state.leading, next.state.closeReason]).toEqual([["a", "a", "b", "c", "d"], true, undefined]);
    // It leads, the connection is gone, and there is another.
    expect(states).toEqual([1, 0, 1]);
  });

  it("end with the stream, and none leads before it has heard so", async () => {
    const clock = new HandClock();
    const { client } = await open([noContent], { clock });
    expect(await client.closed).toMatchObject({ closeReason: "end" });
    await clock.waiting();
    const isFree = (): Promise<boolean> =>
      navigator.locks.request(lockOf(client), { ifAvailable: true }, async (lock) => lock !== null);
    clock.pass(999);
    await turn();
    expect(await isFree()).toBe(false);
    clock.pass(1);
    await navigator.locks.request(lockOf(client), async () => {});
  });

  it("remember 64 events, which one that takes over tells again", async () => {
    const server = await ScriptedServer.start((c) => c.head());
    const url = `${server.origin}/`;
    const channel = new BroadcastChannel(`ssekit ${url}`);
    opened.push(server, channel);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((resolve) => {
      void navigator.locks.request(`ssekit ${url}`, () => {
        resolve();
        return released;
      });
    });
    const client = new SharedEventSourceClient(url);
    opened.push(client);
    const got: string[] = [];
    client.onAny(({ data }) => got.push(data));
    const tell = (id: number, at: number): void => {
      const event = { type: "message", data: `${id}`, lastEventId: `${id}` };
      channel.postMessage({ kind: "event", key: `id ${id}`, at, event });
    };
    // One from before it was there, and then one that is told twice.
    tell(0, Date.now() - 3_600_000);
    for (let id = 1; id <= 65; id++) tell(id, Date.now());
    tell(65, Date.now());
    channel.postMessage({ kind: "id", lastEventId: "66" });
    await until(() => got.length === 65);
    const told: string[] = [];
    channel.onmessage = ({ data }) => data.kind === "event" && told.push(data.event.data);
    release();
    await until(() => told.length >= 64 && client.readyState === 1);
    expect(told).toEqual(got.slice(1));
    expect(server.requests[0]?.headers["last-event-id"]).toBe("66");
    // From the one that led before, and late.
    channel.postMessage({ kind: "state", state: { readyState: 0, leading: false } });
    await until(() => client.readyState === 0);
    expect([got.length, client.state.leading]).toEqual([65, true]);
  });

  it("are told of an id only where no event has it", async () => {
    const connections: ScriptedConnection[] = [];
    const { client } = await open([(c) => void connections.push(c.head())]);
    const channel = new BroadcastChannel(lockOf(client));
    opened.push(channel);
    const told: unknown[] = [];
    channel.onmessage = ({ data: { kind, event, lastEventId } }) =>
      kind !== "state" && told.push([kind, event?.data ?? lastEventId]);
    await until(() => client.readyState === 1);
    connections[0]?.write("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\n");
    await until(() => told.length >= 3);
    expect(told).toEqual([
      ["event", "a"],
      ["event", "b"],
      ["id", "2"],
    ]);
  });

  it("get no data that can't be cloned, which the one that leads tells to onError", async () => {
    const errors: unknown[] = [];
    const { client } = await open([short("data: a\n\n"), noContent], {
      parse: () => () => {},
      onError: (error) => errors.push(error),
    });
    await client.closed;
    const name = "Deno" in globalThis ? "TypeError" : "DataCloneError";
    expect(errors).toEqual([expect.objectContaining({ name, message: expect.stringContaining("not be cloned") })]);
  });
});

const lockOf = ({ url }: SharedEventSourceClient): string => `ssekit ${url}`;

/** Fulfils once something holds, which is looked at in each turn. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

async function open(
  scripts: Parameters<typeof ScriptedServer.start>,
  options: SharedEventSourceClientOptions = {},
): Promise<{ client: SharedEventSourceClient; server: ScriptedServer }> {
  const server = await ScriptedServer.start(...scripts);
  const client = new SharedEventSourceClient(`${server.origin}/`, { retry: { floor: 1, spread: 1 }, ...options });
  opened.push(client, server);
  return { client, server };
}
