import type { EventLog } from "./event-log.ts";
import { type EventLogCase, entryOf, equal, eventLogCase, fill } from "./event-log-case.ts";

/** What an entry that ends its topics does. */
export const endCases: readonly EventLogCase[] = [
  eventLogCase("refuses what is appended to an ended topic, and answers where it ended", async (open) => {
    const log = await open({});
    const end = await endOf(log, ["a", "b"]);
    equal(await log.append([entryOf({ topics: ["a"] })]), [{ cursor: end, outcome: "ended" }]);
    equal(await log.append([entryOf({ topics: ["c", "b"] })]), [{ cursor: end, outcome: "ended" }]);
    equal((await log.append([entryOf({ topics: ["c"] })]))[0]?.outcome, "appended");
    equal((await log.head()).n, 2);
    return log;
  }),
  eventLogCase("refuses it within one group and from concurrent writers too", async (open) => {
    const log = await open({});
    const group = [entryOf({ data: "last" }), entryOf({ end: true, event: {} }), entryOf({ data: "late" })];
    equal(
      (await log.append(group)).map(({ outcome }) => outcome),
      ["appended", "appended", "ended"],
    );
    const writers = Array.from({ length: 20 }, (_, at) => log.append([entryOf({ topics: ["b"], end: at === 10 })]));
    await Promise.all(writers);
    const { entries } = await log.read(await log.floor(), 1e6);
    const ofB = entries.filter(({ topics }) => topics[0] === "b");
    equal([ofB.at(-1)?.end, ofB.filter(({ end }) => end).length], [true, 1]);
    return log;
  }),
  eventLogCase("knows the end of each topic that it keeps", async (open) => {
    const log = await open({});
    await fill(log, 1);
    const end = await endOf(log, ["a", "b"]);
    await log.append([entryOf({ topics: ["c"] })]);
    equal(await log.ends(["a", "c", "b", "never"]), [
      { n: 2, cursor: end },
      undefined,
      { n: 2, cursor: end },
      undefined,
    ]);
    equal(await log.ends([]), []);
    return log;
  }),
  eventLogCase("takes an end of what has ended as a repeat, and of more as another", async (open) => {
    const log = await open({});
    const first = await endOf(log, ["a"]);
    equal(await log.append([entryOf({ end: true, event: {} })]), [{ cursor: first, outcome: "repeated" }]);
    const second = await endOf(log, ["a", "b"]);
    const again = await log.append([entryOf({ topics: ["b", "a"], end: true, event: {} })]);
    equal(again, [{ cursor: second, outcome: "repeated" }]);
    equal(await log.ends(["a", "b"]), [
      { n: 2, cursor: second },
      { n: 2, cursor: second },
    ]);
    return log;
  }),
  eventLogCase("still answers a repeated id once its topic has ended", async (open) => {
    const log = await open({});
    const entry = entryOf({ id: "k" });
    const [appended] = await log.append([entry]);
    await endOf(log, ["a"]);
    equal(await log.append([entry]), [{ cursor: appended?.cursor, outcome: "repeated" }]);
    equal((await log.append([{ ...entry, event: { data: "other" } }]))[0]?.outcome, "conflict");
    return log;
  }),
  eventLogCase("opens a topic again when its end is removed, not before", async (open) => {
    const log = await open({ maxBytes: 1000 });
    await endOf(log, ["a"]);
    await endOf(log, ["a", "b"]);
    await log.append([entryOf({ topics: ["c"] }), entryOf({ topics: ["c"] })]);
    equal((await log.floor()).n, 1);
    equal((await log.append([entryOf({ topics: ["a"] })]))[0]?.outcome, "ended");
    await log.append(Array.from({ length: 9 }, () => entryOf({ topics: ["c"] })));
    equal(await log.ends(["a", "b"]), [undefined, undefined]);
    equal((await log.append([entryOf({ topics: ["a"] })]))[0]?.outcome, "appended");
    return log;
  }),
];

async function endOf(log: EventLog, topics: readonly string[]): Promise<string> {
  const [appended] = await log.append([entryOf({ topics, end: true, event: {} })]);
  equal(appended?.outcome, "appended");
  return appended?.cursor ?? "";
}
