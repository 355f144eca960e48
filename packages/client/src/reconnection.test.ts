import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FastClock } from "../test/fast-clock.ts";
import {
  FaultyLogServer,
  faultOf,
  faults,
  type Heard,
  isComplete,
  numberOf,
  refusals,
} from "../test/faulty-log-server.ts";
import { EventSource, MIN_RECONNECTION_TIME } from "./event-source.ts";
import { EventSourceClient } from "./event-source-client.ts";
import { DEFAULT_RETRY_FLOOR } from "./retry-policy.ts";

/** Limit of a property, in milliseconds, for the hundred runs of `npm test`. */
const LIMIT = 30_000 * Math.max(1, Number(process.env.FC_NUM_RUNS ?? 100) / 100);

let log: FaultyLogServer;
beforeAll(async () => {
  log = await FaultyLogServer.start();
});
afterAll(() => log.server.close());

describe("whatever befalls connections", () => {
  it(
    "EventSourceClient delivers all in order and once, or tells of a gap, in no more attempts than its policy allows",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.oneof(faults, refusals), { maxLength: 10 }), async (plan) => {
          log.begin(plan);
          const clock = new FastClock();
          let attempts = 0;
          // Not counted by the server, for Deno's fetch repeats a request by itself when no byte comes.
          const headers = (): HeadersInit => ({ "x-attempts": `${++attempts}` });
          const client = new EventSourceClient(`${log.server.origin}/`, { clock, idleTimeout: 0, headers });
          const heard: Heard = [];
          client.onGap(() => heard.push("gap"));
          client.on("message", ({ data }) => {
            heard.push(numberOf(data));
            if (isComplete(heard)) client.close();
          });
          await client.closed;
          expect(faultOf(heard)).toBe(undefined);
          expect(attempts).toBeLessThanOrEqual(1 + clock.now() / DEFAULT_RETRY_FLOOR);
        }),
      );
    },
    LIMIT,
  );

  it(
    "EventSource dispatches all in order and once, and the gap that a hub tells of, without a loop (RULES A15, A19)",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(faults, { maxLength: 10 }), async (plan) => {
          log.begin(plan);
          const clock = new FastClock();
          let attempts = 0;
          const fetch = (url: string, init: RequestInit): Promise<Response> => {
            attempts++;
            return globalThis.fetch(url, init);
          };
          const source = new EventSource(`${log.server.origin}/`, { clock, fetch });
          const heard: Heard = [];
          source.addEventListener("ssekit.gap", () => heard.push("gap"));
          await new Promise<void>((resolve) => {
            source.onmessage = ({ data }) => {
              heard.push(numberOf(data));
              if (!isComplete(heard)) return;
              source.close();
              resolve();
            };
          });
          expect(faultOf(heard)).toBe(undefined);
          expect(attempts).toBeLessThanOrEqual(1 + clock.now() / MIN_RECONNECTION_TIME);
          // From the sixth short-lived connection on, the time doubles.
          const least = clock.waits.map((_, i) => MIN_RECONNECTION_TIME * 2 ** Math.max(0, i - 4));
          expect(clock.waits.every((ms, i) => ms >= (least[i] ?? 0))).toBe(true);
        }),
      );
    },
    LIMIT,
  );

  it("EventSourceClient makes no loop of it when 401 and short streams take turns", async () => {
    const clock = new FastClock();
    let attempts = 0;
    const fetch = async (): Promise<Response> => {
      attempts++;
      return attempts % 2 === 1
        ? new Response(null, { status: 401 })
        : new Response("data: a\n\n", { headers: { "content-type": "text/event-stream" } });
    };
    const client = new EventSourceClient("http://127.0.0.1/", {
      clock,
      fetch,
      refresh: () => {},
      retry: { spread: 0 },
    });
    await new Promise<void>((resolve) => client.onAny(() => attempts >= 100 && resolve()));
    client.close();
    // The first 401 is answered at once.
    expect(attempts).toBeLessThanOrEqual(2 + clock.now() / DEFAULT_RETRY_FLOOR);
  });
});
