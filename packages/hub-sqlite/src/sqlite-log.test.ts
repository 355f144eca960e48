import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createHub, type EventLog, formatCursor, type Hub, memoryLog, type NewEntry, parseCursor } from "@ssekit/hub";
import { eventLogCases, ScriptedSink } from "@ssekit/hub/testing";
import fc from "fast-check";
import { anyText } from "testing/any-text";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAX_SQLITE_MARKS } from "./defaults.ts";
import { type SqliteLogOptions, sqliteLog } from "./sqlite-log.ts";

/** What a clock says that stands still. */
const TAG = 5_000;

/** In memory, where Linux has it, for what a disk does is shown by full-disk.test.ts and kill-loop.test.ts. */
const ROOM = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

let folder: string;
let files = 0;

beforeEach(() => {
  folder = mkdtempSync(join(ROOM, "ssekit-sqlite-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const newFile = (): string => join(folder, `${files++}.db`);

describe("sqliteLog() as any EventLog", () => {
  for (const { name, run } of eventLogCases) {
    it(name, () => run((settings) => sqliteLog(newFile(), settings)));
  }
});

describe("sqliteLog()", () => {
  it("keeps what it acknowledged, and its history, when it is opened again (RULES B32)", async () => {
    const path = newFile();
    const [cursor] = await withLog(path, {}, (log) => log.append([entryOf({ data: "one" })]));
    await withLog(path, {}, async (log) => {
      expect((await log.resolve(cursor?.cursor ?? "")).gap).toBeUndefined();
      expect((await log.read(await log.floor(), 1e6)).entries.map(({ event }) => event.data)).toEqual(["one"]);
      expect((await log.append([entryOf({})]))[0]?.cursor).toMatch(/-2-/);
    });
  });

  it("gives no position out twice, though only the newest entry is kept (HUB A8)", async () => {
    const path = newFile();
    for (let n = 1; n <= 3; n += 1) {
      await withLog(path, { maxCount: 1 }, async (log) => {
        await log.append([entryOf({})]);
        expect([(await log.floor()).n, (await log.head()).n]).toEqual([n - 1, n]);
      });
    }
  });

  it("commits all that a turn appends together, and shows none of it before (DESIGN 4.2)", async () => {
    const path = newFile();
    await withLog(path, {}, async (log) => {
      const reader = new DatabaseSync(path);
      const count = (): unknown => Object.values(reader.prepare("SELECT count(*) FROM entry").get() ?? {})[0];
      const appends = ["a", "b", "c"].map((data) => log.append([entryOf({ data })]));
      expect(count()).toBe(0);
      await Promise.race(appends);
      expect(count()).toBe(3);
      await Promise.all(appends);
      reader.close();
    });
  });

  it("rejects the whole turn when it can't commit, and goes on when it can (HUB A8)", async () => {
    const path = newFile();
    await withLog(path, { lockTimeout: 1 }, async (log) => {
      await log.append([entryOf({ data: "kept" })]);
      const other = new DatabaseSync(path);
      other.exec("BEGIN IMMEDIATE");
      const outcomes = await Promise.allSettled([log.append([entryOf({})]), log.append([entryOf({})])]);
      expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([
        expect.objectContaining({ code: "log-unavailable", message: expect.stringContaining("another process holds") }),
        expect.objectContaining({ code: "log-unavailable" }),
      ]);
      other.exec("ROLLBACK");
      other.close();
      await log.append([entryOf({ data: "after" })]);
      const { entries } = await log.read(await log.floor(), 1e6);
      expect(entries.map(({ event }) => event.data)).toEqual(["kept", "after"]);
    });
  });

  it("is told what another process appends, and shares one order with it (RULES B36)", async () => {
    const path = newFile();
    const [one, other] = [sqliteLog(path, { pollInterval: 1 }), sqliteLog(path, { pollInterval: 1 })];
    const stop = new AbortController();
    const seen: string[] = [];
    const tail = (async () => {
      for await (const page of one.tail(await one.head(), stop.signal)) {
        seen.push(...page.entries.map(({ event }) => event.data ?? ""));
        if (seen.length === 3) stop.abort();
      }
    })();
    await other.append([entryOf({ data: "theirs" })]);
    await one.append([entryOf({ data: "ours" })]);
    await other.append([entryOf({ data: "theirs again" })]);
    await tail;
    expect(seen).toEqual(["theirs", "ours", "theirs again"]);
    expect(await one.head()).toEqual(await other.head());
    await one.close();
    await other.close();
  });

  it("shares a companion with another process, and keeps it over a restart (HUB A11)", async () => {
    const path = newFile();
    const retention = { maxBytes: 10_000, maxAge: 60_000 };
    const cursors = await withLog(path, {}, (one) =>
      withLog(path, { pollInterval: 1 }, async (other) => {
        const companion = other.companion("control", retention);
        const page = companion
          .tail(await companion.head(), new AbortController().signal)
          [Symbol.asyncIterator]()
          .next();
        const [appended] = await one.companion("control", retention).append([entryOf({ data: "disconnect" })]);
        expect((await page).value).toMatchObject({ entries: [{ event: { data: "disconnect" } }] });
        expect((await one.head()).n).toBe(0);
        return [appended?.cursor, (await companion.head()).cursor];
      }),
    );
    await withLog(path, {}, async (log) => {
      expect([(await log.companion("control", retention).head()).cursor, cursors[0]]).toEqual([cursors[1], cursors[1]]);
    });
  });

  it("remembers for each topic what it removed of it (HUB B2)", async () => {
    await withLog(newFile(), { maxCount: 3, clock: () => TAG }, async (log) => {
      await log.append([entryOf({ topics: ["rare"] })]);
      for (let count = 0; count < 9; count += 1) await log.append([entryOf({ topics: ["busy"] })]);
      const at = await placesOf(log);
      const trimmed = (topics: string[] | undefined, n: number): Promise<boolean> => log.trimmedAfter(topics, at(n));
      expect([await trimmed(["rare"], 0), await trimmed(["rare"], 1)]).toEqual([true, false]);
      expect([await trimmed(["busy"], 6), await trimmed(["busy"], 7)]).toEqual([true, false]);
      expect([await trimmed(["rare", "busy"], 1), await trimmed(undefined, 6)]).toEqual([true, true]);
      expect(await trimmed(["never"], 0)).toBe(false);
      // An older copy had another entry there, which was lost with all after it (HUB A3).
      const [lost, lostToo] = [at(1, TAG - 1), at(7, TAG - 1)];
      expect([await log.trimmedAfter(["rare"], lost), await log.trimmedAfter(["busy"], lostToo)]).toEqual([
        true,
        false,
      ]);
      expect(await log.trimmedAfter(["never"], lost)).toBe(false);
      expect(await log.trimmedAfter(["never"], "no cursor")).toBe(true);
    });
  });

  it("lets the oldest marks go when there are too many, and then says yes rather than no", async () => {
    await withLog(newFile(), { maxCount: 1, clock: () => TAG }, async (log) => {
      const topics = Array.from({ length: MAX_SQLITE_MARKS + 2 }, (_, index) => `topic ${index}`);
      await log.append(topics.map((topic) => entryOf({ topics: [topic] })));
      const at = await placesOf(log);
      expect(await log.trimmedAfter(["topic 0"], at(0))).toBe(true);
      expect(await log.trimmedAfter(["never"], at(0))).toBe(true);
      expect(await log.trimmedAfter(["never"], at(MAX_SQLITE_MARKS))).toBe(false);
      expect(await log.trimmedAfter(["never"], at(MAX_SQLITE_MARKS, TAG - 1))).toBe(true);
    });
  });

  it("tells a rollback by the tag, when an older copy is restored (HUB A3)", async () => {
    const path = newFile();
    const copy = newFile();
    let now = 1000;
    const clock = (): number => now;
    await withLog(path, { clock }, (log) => log.append([entryOf({})]));
    copyFileSync(path, copy);
    const [lost] = await withLog(path, { clock }, (log) => log.append([entryOf({ data: "lost" })]));
    const lostCursor = lost?.cursor ?? "";
    now += 1;
    await withLog(copy, { clock }, async (log) => {
      expect((await log.resolve(lostCursor)).gap).toBe("ahead");
      await log.append([entryOf({ data: "in its place" })]);
      expect((await log.resolve(lostCursor)).gap).toBe("rolled-back");
      const page = await log.read({ n: 2, cursor: lostCursor }, 1e6);
      expect([page.gap, page.after]).toEqual(["rolled-back", await log.head()]);
    });
  });

  it("never lets tags decrease, though the clock is set back", async () => {
    let now = 5000;
    await withLog(newFile(), { clock: () => now }, async (log) => {
      await log.append([entryOf({})]);
      now = 1000;
      expect((await log.append([entryOf({})]))[0]?.cursor).toMatch(/-2-5000$/);
    });
  });

  it("stays small beside what it keeps, and copies its write-ahead log back", async () => {
    const path = newFile();
    await withLog(path, { maxCount: 10 }, async (log) => {
      const stop = new AbortController();
      const tail = (async () => {
        for await (const page of log.tail(await log.head(), stop.signal)) if (page.next.n === 300) stop.abort();
      })();
      for (let count = 0; count < 300; count += 1) await log.append([entryOf({ data: "x".repeat(65_536) })]);
      await tail;
    });
    const { size } = (await import("node:fs")).statSync(path);
    expect(size).toBeLessThan(5_000_000);
  });

  it.each([
    ["a file of something else", (path: string) => writeFileSync(path, "no database ".repeat(100)), "not a SQLite"],
    [
      "another program's database",
      (path: string) => {
        const database = new DatabaseSync(path);
        database.exec("CREATE TABLE t (a)");
        database.close();
      },
      "belongs to another program",
    ],
    [
      "a later version's log",
      (path: string) => {
        void sqliteLog(path).close();
        const database = new DatabaseSync(path);
        database.exec("PRAGMA user_version = 99");
        database.close();
      },
      "it has version 99, and this is for 3",
    ],
  ])("refuses %s, and leaves it as it is", (_, make, message) => {
    const path = newFile();
    make(path);
    expect(() => sqliteLog(path)).toThrow(
      expect.objectContaining({ code: "log-unavailable", message: expect.stringMatching(new RegExp(message)) }),
    );
  });

  it("says so when it is a folder, and that it wants a file in it", () => {
    expect(() => sqliteLog(folder)).toThrow(
      expect.objectContaining({
        code: "log-unavailable",
        message: expect.stringMatching(/it is a folder; give a file/),
      }),
    );
  });

  it("says so when the folder is missing", () => {
    expect(() => sqliteLog(join(folder, "missing", "log.db"))).toThrow(
      expect.objectContaining({
        code: "log-unavailable",
        message: expect.stringMatching(/^Cannot open the log in .*: /),
      }),
    );
  });

  it.each([{ maxBytes: 0 }, { maxAge: -1 }, { maxCount: 0 }, { pollInterval: Number.NaN }])("refuses %o", (options) => {
    expect(() => sqliteLog(newFile(), options)).toThrow(RangeError);
  });
});

describe("a hub over sqliteLog()", () => {
  it("resumes a reader after a restart, without loss and without a repeat", async () => {
    const path = newFile();
    const first = createHub({ log: sqliteLog(path) });
    const reader = new ScriptedSink();
    await first.subscribe(reader, "news");
    await first.publish("news", { data: "one" });
    await expect.poll(() => reader.events.length).toBe(2);
    reader.leave();
    await first.publish("news", { data: "two" });
    await first.close();

    const second = createHub({ log: sqliteLog(path) });
    const back = new ScriptedSink({ lastEventId: reader.cursor });
    await second.subscribe(back, "news");
    await second.publish("news", { data: "three" });
    await expect.poll(() => back.events.map(({ data }) => data)).toEqual(["", "two", "three"]);
    expect(back.events.map(({ type }) => type)).toEqual(["ssekit.cursor", "message", "message"]);
    await second.close();
  });
});

describe("two hubs on one file", () => {
  it("disconnect each other's users, know them, and end each other's sources (HUB A11, RULES B41, B42)", async () => {
    const path = newFile();
    const hubs = [0, 1].map(() => createHub({ log: sqliteLog(path, { pollInterval: 1 }) }));
    const [one, other] = hubs as [Hub, Hub];
    const [ann, bob] = [new ScriptedSink(), new ScriptedSink()];
    await one.subscribe(ann, "a", { user: "ann" });
    await other.subscribe(bob, "a", { user: "bob", presence: true });
    await expect
      .poll(async () => [...(await other.users()).keys()].sort(), { timeout: 20_000 })
      .toEqual(["ann", "bob"]);
    const publishing = one.publishAll("answer", new ReadableStream());
    await other.disconnect({ user: "ann" });
    await expect.poll(() => ann.closeReason, { timeout: 20_000 }).toBe("revoked");
    await other.end("answer");
    expect(await publishing).toBe("ended");
    expect(bob.closeReason).toBeUndefined();
    await one.close();
    await other.close();
  }, 60_000);
});

describe("sqliteLog() and memoryLog()", () => {
  type Appending = Pick<NewEntry, "topics" | "id" | "end"> & { data: string };
  type Step = { append: Appending[] } | { wait: number } | { open: "again" };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ append: fc.array(appending(), { minLength: 1, maxLength: 4 }) }) },
    fc.record({ wait: fc.nat(400) }),
    fc.constant({ open: "again" as const }),
  );

  it("hold the same, whatever is appended, trimmed and opened again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        let now = 1000;
        const settings = { maxBytes: 2000, maxAge: 1000, clock: () => now };
        const path = newFile();
        const model = memoryLog(settings);
        let log = sqliteLog(path, settings);
        for (const taken of steps) {
          if ("wait" in taken) now += taken.wait;
          else if ("open" in taken) {
            await log.close();
            log = sqliteLog(path, settings);
          } else {
            const entries = taken.append.map(({ data, ...rest }) => ({ ...entryOf({ data }), ...rest }));
            const outcomes = async (to: EventLog): Promise<string[]> =>
              (await to.append(entries)).map(({ outcome, cursor }) => `${outcome} ${placeOf(cursor)}`);
            expect(await outcomes(log)).toEqual(await outcomes(model));
          }
          expect(await contentOf(log)).toEqual(await contentOf(model));
        }
        await log.close();
      }),
    );
  }, 60_000);

  function appending(): fc.Arbitrary<Appending> {
    return fc.record({
      data: fc.oneof(fc.constantFrom("x", "y"), anyText),
      topics: fc.subarray(["a", "b", "c"], { minLength: 1 }),
      id: fc.option(fc.constantFrom("k", "l"), { nil: undefined }),
      end: fc.nat(9).map((chance) => chance === 0),
    });
  }

  async function contentOf(log: EventLog): Promise<unknown> {
    const [floor, head] = [await log.floor(), await log.head()];
    const { entries } = await log.read(floor, 1e9);
    const kept = entries.map(({ position, ...entry }) => ({ ...entry, place: placeOf(position.cursor) }));
    const ends = (await log.ends(["a", "b", "c"])).map((end) => end && placeOf(end.cursor));
    return { kept, floor: placeOf(floor.cursor), head: placeOf(head.cursor), known: (await log.find("k"))?.n, ends };
  }

  /** A cursor without the epoch, which is each log's own. */
  function placeOf(cursor: string): string {
    return cursor.replace(/^#[^-]+/, "");
  }
});

async function withLog<T>(
  path: string,
  options: SqliteLogOptions,
  use: (log: ReturnType<typeof sqliteLog>) => Promise<T>,
): Promise<T> {
  const log = sqliteLog(path, options);
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

function entryOf({ data = "x", topics = ["a"] }: { data?: string; topics?: readonly string[] }): NewEntry {
  return {
    topics,
    private: false,
    id: undefined,
    key: undefined,
    end: false,
    event: { data },
    bytes: data.length + 10,
  };
}

/** The cursors of a log whose entries all have the tag {@linkcode TAG}. */
async function placesOf(log: EventLog): Promise<(n: number, tag?: number) => string> {
  const { epoch = "" } = parseCursor((await log.head()).cursor) ?? {};
  return (n, tag = TAG) => formatCursor({ epoch, n, tag });
}
