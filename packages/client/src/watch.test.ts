import type { ScriptedConnection } from "testing";
import { describe, expect, it } from "vitest";
import { HandClock } from "../test/hand-clock.ts";
import { open, untilState } from "../test/open-client.ts";
import { noContent, status, stream, turn } from "../test/scripts.ts";

describe("EventSourceClient", () => {
  it("leaves a connection on which nothing came for too long; comments are something", async () => {
    const clock = new HandClock();
    const connections: ScriptedConnection[] = [];
    const { client, server } = await open([(c) => void connections.push(c.head()), noContent], {
      clock,
      idleTimeout: 8_000,
      retry: { random: () => 0 },
    });
    let beats = 0;
    let heard = (): void => {};
    client.onComment(() => {
      beats++;
      heard();
    });
    await untilState(client, ({ readyState }) => readyState === 1);
    for (let i = 0; i < 3; i++) {
      clock.pass(7_000);
      const beat = new Promise<void>((resolve) => {
        heard = resolve;
      });
      connections[0]?.write(":\n");
      await beat;
      await turn();
    }
    expect([beats, server.requests.length, client.readyState]).toEqual([3, 1, 1]);
    clock.pass(8_000);
    await untilState(client, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
    expect(client.state.disconnection?.reason).toBe("idle");
    clock.pass(500);
    await client.closed;
  });

  it("leaves a connection when the machine slept, and comes back at once", async () => {
    const clock = new HandClock();
    const { client, server } = await open([stream(""), noContent], { clock });
    client.onAny(() => {});
    await untilState(client, ({ readyState }) => readyState === 1);
    await turn();
    clock.pass(60_000, { slept: true });
    await untilState(client, ({ disconnection }) => disconnection?.reason === "asleep");
    clock.pass(0);
    await client.closed;
    expect(server.requests).toHaveLength(2);
  });

  it.each(["online", "pageshow", "visibilitychange"])("tries at once when %s comes while it waits", async (type) => {
    const clock = new HandClock();
    const wakeOn = new EventTarget();
    const { client, server } = await open([status("503 x", "Retry-After: 20"), noContent], { clock, wakeOn });
    await untilState(client, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
    wakeOn.dispatchEvent(new Event(type));
    await turn();
    expect(server.requests).toHaveLength(1);
    clock.pass(500);
    wakeOn.dispatchEvent(new Event(type));
    await client.closed;
    expect(server.requests).toHaveLength(2);
  });
});
