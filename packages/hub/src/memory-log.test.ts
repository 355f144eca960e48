import { describe, expect, it } from "vitest";
import { DEFAULT_LOG_MAX_AGE, DEFAULT_LOG_MAX_BYTES } from "./defaults.ts";
import { eventLogCases } from "./event-log-cases.ts";
import { memoryLog } from "./memory-log.ts";

describe("memoryLog()", () => {
  for (const { name, run } of eventLogCases) {
    it(name, () => run(memoryLog));
  }

  it("keeps 16 MiB and 5 minutes unless told otherwise", () => {
    expect([DEFAULT_LOG_MAX_BYTES, DEFAULT_LOG_MAX_AGE]).toEqual([16 * 1024 * 1024, 300_000]);
  });

  it("has an epoch of its own each time, so that a restart is told (RULES B32)", async () => {
    const [one, other] = [memoryLog(), memoryLog()];
    const { cursor } = await one.head();
    expect((await other.resolve(cursor)).gap).toBe("foreign");
    await one.close();
    await other.close();
  });

  it("never lets tags decrease, though the clock is set back", async () => {
    let now = 5000;
    const log = memoryLog({ clock: () => now, epoch: "e" });
    const entry = {
      topics: ["a"],
      private: false,
      id: undefined,
      key: undefined,
      end: false,
      event: { data: "" },
      bytes: 1,
    };
    await log.append([entry]);
    now = 1000;
    expect(await log.append([entry])).toEqual([{ cursor: "#e-2-5000", outcome: "appended" }]);
    await log.close();
  });

  it("counts 256 bytes for each entry, so that many small ones can't outgrow it (RULES B46)", async () => {
    const log = memoryLog({ maxBytes: 2560 });
    const entry = {
      topics: ["a"],
      private: false,
      id: undefined,
      key: undefined,
      end: false,
      event: { data: "" },
      bytes: 1,
    };
    await log.append(Array.from({ length: 1000 }, () => entry));
    expect((await log.head()).n - (await log.floor()).n).toBe(9);
    await log.close();
  });

  it.each([{ maxBytes: 0 }, { maxAge: -1 }, { maxBytes: Number.NaN }])("refuses %o", (options) => {
    expect(() => memoryLog(options)).toThrow(RangeError);
  });

  it.each(["", "a-b", "x".repeat(21)])("refuses the epoch %j", (epoch) => {
    expect(() => memoryLog({ epoch })).toThrow(TypeError);
  });
});
