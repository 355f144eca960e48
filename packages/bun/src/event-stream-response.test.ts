import { join } from "node:path";
import type { EventStream } from "@ssekit/server";
import { VirtualClock } from "@ssekit/server/testing";
import { describeAdapter, describeWith } from "testing";
import { describe, expect, it } from "vitest";
import type { BunServer } from "./bun-server.ts";
import { MAX_UNLIFTED_HEARTBEAT } from "./defaults.ts";
import { eventStreamResponse } from "./event-stream-response.ts";

const fixture = join(import.meta.dirname, "../test/fixture.ts");

describeWith("bun", "eventStreamResponse()", (bun) => {
  describeAdapter("on Bun", [bun, "--expose-gc", "--conditions=@ssekit/source", fixture], ({ connect, ask }) => {
    it("keeps a quiet stream open for longer than Bun's idle timer (RULES B48)", async () => {
      const quiet = connect();
      quiet.request("/quiet?name=quiet");
      await quiet.until(": \n\n");
      const control = connect();
      control.request("/never");
      await control.closed;
      await ask("tell?name=quiet");
      await quiet.until("data: told\n\n");
    }, 20_000);
  });
});

describe("eventStreamResponse() and Bun's idle timer", () => {
  const request = new Request("http://localhost/events");
  const end = (stream: EventStream): void => stream.close();

  it("lifts it through the server that it is given, for this request (RULES B48)", async () => {
    const lifted: unknown[] = [];
    const server: BunServer = { timeout: (...args) => lifted.push(...args) };
    await eventStreamResponse(request, end, { server, heartbeat: false });
    expect(lifted).toEqual([request, 0]);
  });

  it("beats before it without a server, unless told to beat sooner", async () => {
    for (const [heartbeat, init] of [
      [MAX_UNLIFTED_HEARTBEAT, {}] as const,
      [1_000, { heartbeat: 1_000, server: null }] as const,
    ]) {
      const clock = new VirtualClock();
      const answer = eventStreamResponse(request, () => {}, { ...init, clock });
      clock.endTurn();
      const reader = (await answer).body?.getReader();
      const read = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
      expect(await read()).toBe(": \n\n");
      let beats = 0;
      const beat = read().finally(() => {
        beats += 1;
      });
      clock.advance(heartbeat - 1);
      await new Promise(setImmediate);
      expect(beats).toBe(0);
      clock.advance(1);
      expect(await beat).toBe(": \n\n");
      await reader?.cancel();
    }
  });

  it.each([0, false, MAX_UNLIFTED_HEARTBEAT + 1, 15_000] as const)(
    "refuses the heartbeat %s without a server",
    async (heartbeat) => {
      await expect(eventStreamResponse(request, end, { heartbeat })).rejects.toThrow(RangeError);
    },
  );
});
