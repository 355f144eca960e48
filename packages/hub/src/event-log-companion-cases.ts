import type { Retention } from "./event-log.ts";
import { type EventLogCase, entryOf, equal, eventLogCase, fill, follow, range, truly } from "./event-log-case.ts";

const retention: Retention = { maxBytes: 1000, maxAge: 1000 };

/** What another log in the same store is. */
export const companionCases: readonly EventLogCase[] = [
  eventLogCase("has a companion with positions, epoch, ids and ends of its own", async (open) => {
    const log = await open({});
    const companion = log.companion("control", retention);
    await log.append([entryOf({ id: "k" }), entryOf({ end: true, event: {} })]);
    equal((await companion.head()).n, 0);
    equal(await companion.find("k"), undefined);
    equal(await companion.ends(["a"]), [undefined]);
    const [appended] = await companion.append([entryOf({ id: "k", data: "other" })]);
    equal(appended?.outcome, "appended");
    equal(await companion.head(), { n: 1, cursor: appended?.cursor });
    equal((await log.resolve(appended?.cursor ?? "")).gap, "foreign");
    equal((await companion.resolve((await log.head()).cursor)).gap, "foreign");
    equal((await log.head()).n, 2);
    return log;
  }),
  eventLogCase("has one companion for each name", async (open) => {
    const log = await open({});
    await log.companion("one", retention).append([entryOf({ data: "1" })]);
    const other = log.companion("other", retention);
    equal([(await log.companion("one", retention).head()).n, (await other.head()).n], [1, 0]);
    for (const name of ["", "A", "a-b", "x".repeat(21), "a'"]) {
      let refused: unknown;
      try {
        log.companion(name, retention);
      } catch (error) {
        refused = error;
      }
      truly(refused instanceof TypeError, `a TypeError for the companion ${JSON.stringify(name)}`);
    }
    return log;
  }),
  eventLogCase("keeps of a companion what its own retention says, and costs the log nothing", async (open) => {
    let now = 1_000_000;
    const log = await open({ maxBytes: 100_000, clock: () => now });
    const companion = log.companion("control", retention);
    const starts = [(await companion.head()).cursor, (await log.head()).cursor] as const;
    await fill(log, 3);
    await fill(companion, 20);
    const floor = await companion.floor();
    truly(floor.n > 0 && floor.n < 20, `a floor within the companion, not ${floor.n}`);
    equal(
      [await companion.trimmedAfter(["a"], starts[0]), await log.trimmedAfter(undefined, starts[1])],
      [true, false],
    );
    now += 2000;
    equal([(await companion.floor()).n, (await log.floor()).n], [19, 0]);
    return log;
  }),
  eventLogCase("tails a companion beside the log", async (open) => {
    const log = await open({});
    const companion = log.companion("control", { ...retention, maxBytes: 100_000 });
    const stop = new AbortController();
    const seen = { log: 0, companion: 0 };
    const count =
      (which: "log" | "companion") =>
      (page: { entries: readonly unknown[] }): void => {
        seen[which] += page.entries.length;
        if (seen.log === 4 && seen.companion === 6) stop.abort();
      };
    const tails = [
      follow(log, await log.head(), stop.signal, count("log")),
      follow(companion, await companion.head(), stop.signal, count("companion")),
    ];
    for (const _ of range(1, 2)) {
      await fill(log, 2);
      await fill(companion, 3);
    }
    await Promise.all(tails);
    equal(seen, { log: 4, companion: 6 });
    return log;
  }),
  eventLogCase("closes a companion with the log, and not the other way round", async (open) => {
    const log = await open({});
    const companion = log.companion("control", retention);
    const other = log.companion("other", retention);
    await other.close();
    await fill(log, 1);
    await fill(companion, 1);
    const tail = follow(companion, await companion.head(), new AbortController().signal, () => {});
    await log.close();
    await tail;
    for (const closed of [other, companion]) {
      equal(
        await closed.head().then(
          () => "open",
          (error: { code?: unknown }) => error.code,
        ),
        "closed",
      );
    }
    return log;
  }),
];
