import { describe, expect, it } from "vitest";
import type { EventLog, Page, Position } from "./event-log.ts";
import type { HubEntry } from "./hub-entry.ts";
import { memoryLog } from "./memory-log.ts";
import { PAGE_BYTES, SharedPages } from "./shared-pages.ts";

const BASE = new URL("https://hub.invalid/");
const DATA = `:${"x".repeat(1000)}`;

describe("SharedPages", () => {
  it("asks the log once for all who stand at one place", async () => {
    const { pages, log, at } = await setUpPages(10);
    const answers = [pages.read(at(2)), pages.read(at(2)), pages.read(at(2))];
    await log.answer();
    expect((await Promise.all(answers)).map(({ entries }) => numberedBy(entries))).toEqual(
      Array.from({ length: 3 }, () => [3, 4, 5, 6, 7, 8, 9, 10]),
    );
    expect(log.asked).toEqual([2]);
  });

  it("has four reads under way at once, goes up the log, and answers those who stand in what was read", async () => {
    const { pages, log, at } = await setUpPages(50);
    const answers = [40, 39, 38, 37, 20, 45, 10].map((n) => pages.read(at(n)));
    expect(log.asked).toEqual([40, 39, 38, 37]);
    await log.answer();
    expect(numberedBy((await (answers[5] as (typeof answers)[0])).entries)).toEqual([46, 47, 48, 49, 50]);
    while (log.isAsked) await log.answer();
    expect((await Promise.all(answers)).map(({ next }) => next.n)).toEqual([50, 50, 50, 50, 50, 50, 50]);
    expect(log.asked).toEqual([40, 39, 38, 37, 10, 20]);
  });

  it("begins above the last read rather than at the lowest place, so that nobody waits for ever", async () => {
    const { pages, log, at } = await setUpPages(50, { maxBytes: 0 });
    const answers = [20, 21, 22, 23, 5, 30].map((n) => pages.read(at(n)));
    await log.answer();
    while (log.isAsked) await log.answer();
    await Promise.all(answers);
    expect(log.asked).toEqual([20, 21, 22, 23, 30, 5]);
  });

  it("keeps no more than maxBytes: what was read first goes first (RULES B46)", async () => {
    const { pages, log, at } = await setUpPages(1000, { maxBytes: 3 * PAGE_BYTES });
    let most = 0;
    for (let position = at(0); position.n < 1000; ) {
      const reading = pages.read(position);
      await log.answer();
      position = (await reading).next;
      most = Math.max(most, pages.bytes);
      const kept = Array.from({ length: 1000 }, (_, n) => pages.after(at(n)) !== undefined);
      expect(kept.lastIndexOf(true)).toBe(position.n - 1);
      expect(kept.slice(kept.indexOf(true), position.n)).not.toContain(false);
    }
    expect(most).toBeLessThanOrEqual(3 * PAGE_BYTES);
    expect(most).toBeGreaterThan(2 * PAGE_BYTES);
    expect(pages.after(at(0))).toBeUndefined();
  });

  it("gives no more than a page at once, from read to read", async () => {
    const { pages, log, at } = await setUpPages(400);
    for (let position = at(0); position.n < 400; ) {
      const reading = pages.read(position);
      await log.answer();
      position = (await reading).next;
    }
    const [first, ...others] = pages.after(at(100)) ?? [];
    expect(first?.position.n).toBe(101);
    expect(others.reduce((size, entry) => size + entry.size, first?.size ?? 0)).toBeLessThanOrEqual(PAGE_BYTES);
    expect(others.length).toBeGreaterThan(40);
  });

  it("gives and keeps nothing ahead of this node's tail, whose loss the tail would not notice (HUB A3)", async () => {
    const { pages, log, at, follow } = await setUpPages(10);
    follow(6);
    const reading = pages.read(at(3));
    await log.answer();
    expect(await reading).toMatchObject({ after: at(3), next: at(6) });
    expect(numberedBy(pages.after(at(3)) ?? [])).toEqual([4, 5, 6]);
    expect(pages.after(at(6))).toBeUndefined();
  });

  it("keeps nothing of what was under way when the log went on elsewhere, and lets nobody join it (HUB A3)", async () => {
    const { pages, log, at } = await setUpPages(10);
    const before = pages.read(at(3));
    pages.clear();
    const after = pages.read(at(3));
    await log.answer();
    await Promise.all([before, after]);
    expect(log.asked).toEqual([3, 3]);
    pages.clear();
    expect([pages.after(at(3)), pages.bytes]).toEqual([undefined, 0]);
    const late = pages.read(at(3));
    pages.clear();
    await log.answer();
    await late;
    expect([pages.after(at(3)), pages.bytes]).toEqual([undefined, 0]);
  });

  it("takes what the store has now for what it had before", async () => {
    const { pages, log, at } = await setUpPages(5);
    const entries = await pageOf(log.inner, at(3));
    const other = entries.entries.map((entry) => ({
      ...entry,
      position: { n: entry.position.n, cursor: `${entry.position.cursor}0` },
    }));
    for (const page of [entries, { ...entries, entries: other, next: other.at(-1)?.position as Position }]) {
      log.next = page;
      const reading = pages.read(at(3));
      await log.answer();
      expect((await reading).next).toEqual(page.next);
      expect(pages.after(at(3))?.at(0)?.position).toEqual(page.entries[0]?.position);
    }
  });

  it("forgets all when the log has lost a place, for it is what leads there (HUB A3)", async () => {
    const { pages, log, at } = await setUpPages(5);
    const reading = pages.read(at(3));
    await log.answer();
    await reading;
    log.next = { after: at(2), entries: [], next: at(2), gap: "ahead" };
    const lost = pages.read(at(5));
    await log.answer();
    expect(await lost).toMatchObject({ after: at(2), gap: "ahead" });
    expect([pages.after(at(3)), pages.bytes]).toEqual([undefined, 0]);
  });

  it("fails those who wait for a read that fails, and reads again for the next", async () => {
    const { pages, log, at } = await setUpPages(5);
    const failing = [pages.read(at(1)), pages.read(at(1))];
    await log.fail(new Error("away"));
    expect(await Promise.allSettled(failing)).toMatchObject([
      { reason: new Error("away") },
      { reason: new Error("away") },
    ]);
    const reading = pages.read(at(1));
    await log.answer();
    expect((await reading).entries.length).toBe(4);
  });
});

// Helpers

function numberedBy(entries: readonly HubEntry[]): number[] {
  return entries.map(({ position }) => position.n);
}

function pageOf(log: EventLog, after: Position): Promise<Page> {
  return log.read(after, PAGE_BYTES);
}

/** Pages over a log of so many entries, each read of which waits for the test; and the places in it. */
async function setUpPages(
  count: number,
  { maxBytes = 1e9 } = {},
): Promise<{ pages: SharedPages; log: GatedLog; at(n: number): Position; follow(n: number): void }> {
  const inner = memoryLog({ epoch: "e" });
  const places = [await inner.head()];
  for (let n = 1; n <= count; n += 1) {
    const event = { data: `${n}${DATA}` };
    const entry = {
      topics: ["news"],
      private: false,
      id: undefined,
      key: undefined,
      end: false,
      event,
      bytes: DATA.length,
    };
    await inner.append([entry]);
    places.push(await inner.head());
  }
  const at = (n: number): Position => places[n] as Position;
  let tail = at(count);
  const log = new GatedLog(inner);
  const pages = new SharedPages({
    log,
    reader: { ids: "cursor", base: BASE },
    maxBytes,
    tail: () => tail,
  });
  return {
    pages,
    log,
    at,
    follow: (n) => {
      tail = at(n);
    },
  };
}

/** A log whose reads are answered when the test says so, all that are under way at once. */
class GatedLog {
  readonly inner: EventLog;
  /** Where each read began. */
  readonly asked: number[] = [];
  /** What the next read gives, if not what the log has. */
  next: Page | undefined;
  #gates: { open(): void; fail(error: unknown): void }[] = [];

  constructor(inner: EventLog) {
    this.inner = inner;
  }

  get isAsked(): boolean {
    return this.#gates.length > 0;
  }

  async read(after: Position): Promise<Page> {
    this.asked.push(after.n);
    await new Promise<void>((open, fail) => this.#gates.push({ open, fail }));
    return this.next ?? pageOf(this.inner, after);
  }

  async answer(): Promise<void> {
    for (const gate of this.#gates.splice(0)) gate.open();
    for (let link = 0; link < 20; link += 1) await Promise.resolve();
  }

  async fail(error: unknown): Promise<void> {
    for (const gate of this.#gates.splice(0)) gate.fail(error);
    for (let link = 0; link < 20; link += 1) await Promise.resolve();
  }
}
