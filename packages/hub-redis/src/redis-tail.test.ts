import type { Page, Position } from "@ssekit/hub";
import { describe, expect, it } from "vitest";
import type { RedisAccess } from "./redis-access.ts";
import { redisTail } from "./redis-tail.ts";

describe("redisTail()", () => {
  it("leaves a connection that says nothing of its place, and asks on another (HUB C4)", async () => {
    const [before, after] = [position(1), position(2)];
    const page: Page = { after: before, entries: [], next: after };
    const stopping = new AbortController();
    let dials = 0;
    let closed = 0;
    const dial: RedisAccess["dial"] = async (onDial) => {
      dials += 1;
      const close = (): void => {
        closed += 1;
      };
      const own = { connect: async () => {}, send: async () => null, close };
      onDial(own);
      return own;
    };
    const tail = redisTail(before, {
      access: { timeout: 20, dial } as RedisAccess,
      key: "entries",
      readPage: () => (dials === 1 ? new Promise(() => {}) : Promise.resolve(page)),
      maxOutage: 60_000,
      signal: stopping.signal,
    });
    expect((await tail.next()).value).toBe(page);
    expect([dials, closed]).toEqual([2, 1]);
    await tail.return(undefined);
  });
});

// Helpers

function position(n: number): Position {
  return { n, cursor: `#e-${n}-1` };
}
