import { concatEncodedEvents } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { HubEntry } from "./hub-entry.ts";
import { SharedWrites } from "./shared-writes.ts";

describe("writes of readers who catch up", () => {
  it("are the same for those who stand steps apart, whoever comes first (RULES B47)", () => {
    const shared = new SharedWrites();
    const steps = Array.from({ length: 16 }, (_, step) => entriesFrom(10 * step, 10));
    const first = steps.map((entries) => shared.of(entries));
    expect(first.map((writes) => writes.map(({ bytes }) => bytes))).toEqual(
      steps.map((entries) => [concatEncodedEvents(entries.map(({ bytes }) => bytes))]),
    );
    for (const [step, entries] of [...steps.entries()].reverse()) {
      expect(shared.of([...entries])).toBe(first[step]);
    }
  });

  it("are others where one entry is another, or one is wanted more or less", () => {
    const shared = new SharedWrites();
    const entries = entriesFrom(0, 3);
    const [first, second, third] = entries as [HubEntry, HubEntry, HubEntry];
    const lists = [
      entries,
      [first, second],
      [first, third],
      [second, third],
      [first, entriesFrom(1, 1)[0] as HubEntry],
    ];
    const writes = lists.map((list) => shared.of(list));
    expect(new Set(writes).size).toBe(lists.length);
    expect(lists.map((list) => shared.of(list)).every((again, index) => again === writes[index])).toBe(true);
  });

  it("are remembered for 16 lists at most, the newest: what they take is bounded (HUB C3)", () => {
    const shared = new SharedWrites();
    const steps = Array.from({ length: 17 }, (_, step) => entriesFrom(10 * step, 10));
    const first = steps.map((entries) => shared.of(entries));
    expect(shared.of(steps[16] as HubEntry[])).toBe(first[16]);
    expect(shared.of(steps[0] as HubEntry[])).not.toBe(first[0]);
  });
});

function entriesFrom(start: number, count: number): HubEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const [before, n] = [start + index, start + index + 1];
    const entry = { topics: ["a"], private: false, id: undefined, key: undefined, end: false, bytes: 10 };
    return new HubEntry(
      { ...entry, event: { data: `${n}` }, position: { n, cursor: `#e-${n}` } },
      { n: before, cursor: `#e-${before}` },
      { ids: "cursor", base: new URL("https://hub.invalid/") },
    );
  });
}
