import type { Appended, NewEntry, Page, Position } from "./event-log.ts";
import {
  type EventLogCase,
  entryOf,
  equal,
  eventLogCase,
  fill,
  follow,
  range,
  truly,
  withoutPosition,
} from "./event-log-case.ts";
import { companionCases } from "./event-log-companion-cases.ts";
import { endCases } from "./event-log-end-cases.ts";

/**
 * What every driver of `EventLog` must do, as a table for any test framework.
 *
 * @example
 * ```ts
 * import { memoryLog } from "@ssekit/hub";
 * import { eventLogCases } from "@ssekit/hub/testing";
 *
 * for (const { name, run } of eventLogCases) {
 *   await run(memoryLog);
 *   console.log("ok", name);
 * }
 * ```
 */
export const eventLogCases: readonly EventLogCase[] = [
  eventLogCase("begins empty: head and floor are before the first entry", async (open) => {
    const log = await open({});
    const head = await log.head();
    equal(head.n, 0);
    equal(await log.floor(), head);
    equal(await log.resolve(head.cursor), { position: head, gap: undefined, n: undefined });
    equal(await log.read(head, 100), { after: head, entries: [], next: head });
    return log;
  }),
  eventLogCase("gives dense positions, in order, and cursors that fit in a header", async (open) => {
    const log = await open({});
    const cursors = [...(await fill(log, 3)), ...(await fill(log, 2))];
    const { entries } = await log.read(await log.floor(), 1e6);
    equal(
      entries.map(({ position }) => position),
      cursors.map((cursor, index) => ({ n: index + 1, cursor })),
    );
    equal(await log.head(), entries.at(-1)?.position);
    for (const cursor of cursors)
      truly(/^#[!#-'*+\-.0-9A-Z^_`a-z|]{1,55}$/.test(cursor), `a safe cursor, not ${cursor}`);
    return log;
  }),
  eventLogCase("keeps concurrent appends apart", async (open) => {
    const log = await open({});
    const appended = await Promise.all(
      Array.from({ length: 20 }, (_, index) => log.append([entryOf({ data: `${index}` })])),
    );
    equal(new Set(appended.map(([one]) => one?.cursor)).size, 20);
    equal((await log.head()).n, 20);
    return log;
  }),
  eventLogCase("gives back what was appended", async (open) => {
    const log = await open({});
    const events = [{ data: "" }, { event: "a", data: "one\r\ntwo\n", retry: 0 }, { comment: " \u{1F600}\u0000" }];
    const given = events.map(
      (event, index): NewEntry => ({
        topics: ["a", `/b ${index}`],
        private: index === 1,
        id: index === 0 ? "urn:uuid:1" : undefined,
        key: index === 1 ? "order 7" : undefined,
        end: index === 2,
        event,
        bytes: 10,
      }),
    );
    await log.append(given);
    const { entries } = await log.read(await log.floor(), 1e6);
    equal(entries.map(withoutPosition), given);
    return log;
  }),
  eventLogCase("honours the cursor of each entry it keeps", async (open) => {
    const log = await open({});
    for (const [index, cursor] of (await fill(log, 3)).entries()) {
      equal(await log.resolve(cursor), { position: { n: index + 1, cursor }, gap: undefined, n: undefined });
    }
    return log;
  }),
  eventLogCase("sends a cursor that proves nothing to the head, and says why", async (open) => {
    const log = await open({});
    const [cursor = ""] = await fill(log, 3);
    const head = await log.head();
    const other = await open({});
    const [foreign = ""] = await fill(other, 1);
    const beyond = await log.append([entryOf({})]).then(([appended]) => appended?.cursor ?? "");
    const gapOf = async (text: string): Promise<unknown> => (await log.resolve(text)).gap;
    for (const malformed of ["", "#", "7", " ", cursor.slice(1), `${cursor}0`.repeat(9)]) {
      equal((await log.resolve(malformed)).gap, "unknown");
    }
    equal(await gapOf(foreign), "foreign");
    equal(await gapOf(cursor.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"))), "rolled-back");
    equal(await gapOf(beyond.replace(/-4-/, "-5-")), "ahead");
    equal((await log.resolve("")).position, await log.head());
    truly(head.n === 3 && (await log.head()).n === 4, "the head at that moment");
    await other.close();
    return log;
  }),
  eventLogCase("removes whole entries, oldest first, and never the newest", async (open) => {
    const log = await open({ maxBytes: 1000 });
    await fill(log, 20);
    const floor = await log.floor();
    truly(floor.n > 0 && floor.n < 20, `a floor within the log, not ${floor.n}`);
    const page = await log.read(floor, 1e6);
    equal(
      page.entries.map(({ position }) => position.n),
      range(floor.n + 1, 20),
    );
    await log.append([entryOf({ data: "x".repeat(5000), bytes: 5000 })]);
    equal((await log.floor()).n, 20);
    equal((await log.head()).n, 21);
    return log;
  }),
  eventLogCase("removes what is older than its age", async (open) => {
    let now = 1_000_000;
    const log = await open({ maxAge: 1000, clock: () => now });
    await fill(log, 2);
    now += 600;
    await fill(log, 1);
    now += 600;
    equal((await log.floor()).n, 2);
    now += 5000;
    equal((await log.floor()).n, 2);
    equal((await log.head()).n, 3);
    return log;
  }),
  eventLogCase("honours the floor itself, and says that what is below has expired", async (open) => {
    const log = await open({ maxBytes: 1000 });
    const cursors = await fill(log, 20);
    const floor = await log.floor();
    equal((await log.resolve(floor.cursor)).gap, undefined);
    equal(await log.resolve(cursors[0] ?? ""), { position: floor, gap: "expired", n: 1 });
    equal(await log.trimmedAfter(["a"], cursors[0] ?? ""), true);
    equal(await log.trimmedAfter(undefined, cursors[0] ?? ""), true);
    equal(await log.trimmedAfter(["a"], floor.cursor), false);
    return log;
  }),
  eventLogCase("knows which topics lost an entry, and which lost none", async (open) => {
    const log = await open({ maxBytes: 1000 });
    const { cursor: start } = await log.head();
    await log.append([entryOf({ topics: ["rare"] })]);
    const { cursor: first } = await log.head();
    await fill(log, 20);
    equal([await log.trimmedAfter(["rare"], start), await log.trimmedAfter(["rare"], first)], [true, false]);
    equal([await log.trimmedAfter(["rare", "a"], first), await log.trimmedAfter(undefined, first)], [true, true]);
    equal(await log.trimmedAfter(["never"], start), false);
    return log;
  }),
  eventLogCase("does not take a younger cursor for one below the floor", async (open) => {
    let now = 1_000_000;
    const log = await open({ maxBytes: 1000, clock: () => now });
    const [cursor = ""] = await fill(log, 20);
    now += 1;
    const [later = ""] = await fill(log, 1);
    const tag = later.split("-").at(-1) ?? "";
    equal((await log.resolve(cursor.replace(/[^-]+$/, tag))).gap, "rolled-back");
    return log;
  }),
  eventLogCase("reads at least one entry, and then what fits", async (open) => {
    const log = await open({});
    await fill(log, 10);
    const start = await log.floor();
    const sizes = [1, 10, 25, 1000].map(async (maxBytes) => (await log.read(start, maxBytes)).entries.length);
    equal(await Promise.all(sizes), [1, 1, 2, 10]);
    const page = await log.read(start, 25);
    equal(page.next, page.entries.at(-1)?.position);
    return log;
  }),
  eventLogCase("reads on at the floor when what follows a position is gone", async (open) => {
    const log = await open({ maxBytes: 1000 });
    const [cursor = ""] = await fill(log, 1);
    await fill(log, 20);
    const page = await log.read({ n: 1, cursor }, 1e6);
    const floor = await log.floor();
    equal(page.after, floor);
    equal(page.entries[0]?.position.n, floor.n + 1);
    return log;
  }),
  eventLogCase("tails from a position: what is there, then what comes, in order", async (open) => {
    const log = await open({});
    await fill(log, 2);
    const stop = new AbortController();
    const seen: number[] = [];
    const positions: Position[] = [];
    const tail = follow(log, await log.floor(), stop.signal, (page) => {
      positions.push(page.after);
      seen.push(...page.entries.map(({ position }) => position.n));
      if (seen.length === 2) void fill(log, 3);
      if (seen.length === 5) stop.abort();
    });
    await tail;
    equal(seen, [1, 2, 3, 4, 5]);
    equal(positions[0]?.n, 0);
    return log;
  }),
  eventLogCase("ends a tail that waits, without an error", async (open) => {
    const log = await open({});
    const stop = new AbortController();
    const tail = follow(log, await log.head(), stop.signal, () => {});
    stop.abort();
    await tail;
    return log;
  }),
  eventLogCase("serves two tails, of which one lags", async (open) => {
    const log = await open({});
    const stop = new AbortController();
    const start = await log.head();
    const quick: number[] = [];
    const slow: number[] = [];
    const gather =
      (into: number[], lag: number) =>
      async (page: Page): Promise<void> => {
        for (let turn = 0; turn < lag; turn += 1) await Promise.resolve();
        into.push(...page.entries.map(({ position }) => position.n));
        if (quick.length === 6 && slow.length === 6) stop.abort();
      };
    const tails = [
      follow(log, start, stop.signal, gather(quick, 0)),
      follow(log, start, stop.signal, gather(slow, 50)),
    ];
    for (let count = 0; count < 6; count += 1) await fill(log, 1);
    await Promise.all(tails);
    equal([quick, slow], [range(1, 6), range(1, 6)]);
    return log;
  }),
  eventLogCase("answers a repeated id with the first cursor, and refuses another event", async (open) => {
    const log = await open({});
    const first = entryOf({ id: "k", data: "one", topics: ["a", "b"] });
    const [appended] = await log.append([first]);
    const cursor = appended?.cursor ?? "";
    equal(appended, { cursor, outcome: "appended" });
    const outcomes = async (entry: NewEntry): Promise<readonly Appended[]> => log.append([entry]);
    equal(await outcomes({ ...first, topics: ["b", "a"] }), [{ cursor, outcome: "repeated" }]);
    equal(await outcomes({ ...first, event: { data: "two" } }), [{ cursor, outcome: "conflict" }]);
    equal(await outcomes({ ...first, topics: ["a"] }), [{ cursor, outcome: "conflict" }]);
    equal(await outcomes({ ...first, private: true }), [{ cursor, outcome: "conflict" }]);
    equal(await outcomes({ ...first, key: "other" }), [{ cursor, outcome: "conflict" }]);
    equal(await outcomes({ ...first, end: true }), [{ cursor, outcome: "conflict" }]);
    equal(await log.find("k"), { n: 1, cursor });
    equal(await log.find("other"), undefined);
    equal((await log.head()).n, 1);
    return log;
  }),
  eventLogCase("appends the rest of a group of which one is refused", async (open) => {
    const log = await open({});
    await log.append([entryOf({ id: "k", data: "one" })]);
    const group = [entryOf({ data: "before" }), entryOf({ id: "k", data: "two" }), entryOf({ data: "after" })];
    equal(
      (await log.append(group)).map(({ outcome }) => outcome),
      ["appended", "conflict", "appended"],
    );
    equal((await log.head()).n, 3);
    return log;
  }),
  eventLogCase("takes the same event twice in one group as a repeat", async (open) => {
    const log = await open({});
    const entry = entryOf({ id: "k" });
    const [first, second] = await log.append([entry, entry]);
    equal([first?.outcome, second], ["appended", { cursor: first?.cursor, outcome: "repeated" }]);
    return log;
  }),
  eventLogCase("forgets an id with its entry", async (open) => {
    const log = await open({ maxBytes: 1000 });
    await log.append([entryOf({ id: "k" })]);
    await fill(log, 20);
    equal(await log.find("k"), undefined);
    equal(
      (await log.append([entryOf({ id: "k", data: "other" })])).map(({ outcome }) => outcome),
      ["appended"],
    );
    return log;
  }),
  eventLogCase("refuses everything once it is closed, and ends its tails", async (open) => {
    const log = await open({});
    const position = await log.head();
    const tail = follow(log, position, new AbortController().signal, () => {});
    await log.close();
    await tail;
    const attempts: (() => Promise<unknown>)[] = [
      () => log.append([entryOf({})]),
      () => log.head(),
      () => log.floor(),
      () => log.resolve(position.cursor),
      () => log.find("k"),
      () => log.ends(["a"]),
      () => log.read(position, 1),
      () => log.trimmedAfter(undefined, position.cursor),
    ];
    for (const attempt of attempts) {
      equal(
        await attempt().then(
          () => "fulfilled",
          (error: { code?: unknown }) => error.code,
        ),
        "closed",
      );
    }
    return log;
  }),
  ...endCases,
  ...companionCases,
];
