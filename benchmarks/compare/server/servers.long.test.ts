import { describe, expect, it } from "vitest";
import { Measurement } from "./measurement.ts";
import { servers } from "./servers.ts";

const TIMEOUT = 60_000;

describe("servers", () => {
  it.each(servers)(
    "$name opens streams, and sends each event to each reader, in order",
    async ({ start }) => {
      await Measurement.with(start, AbortSignal.timeout(TIMEOUT), async (measurement) => {
        await measurement.open(10);
        // The readers fail at the first event that is not the next.
        const { cpu } = await measurement.load({ events: 64 });
        expect(cpu).toBeGreaterThan(0);
        expect((await measurement.load({ events: 5, perTurn: 1, interval: 5 }, { latency: true })).p99).toBeGreaterThan(
          0,
        );
      });
    },
    TIMEOUT,
  );
});
