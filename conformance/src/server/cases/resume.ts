import type { Finding } from "../../case.ts";
import { counted } from "../../counted.ts";
import type { StreamReader } from "../../http/stream-reader.ts";
import { type History, NO_RESUME, recordHistory } from "../history.ts";
import {
  arrivals,
  expectSequence,
  fail,
  type Outcome,
  type ServerCase,
  serverCase,
  show,
  showEvents,
  unsupported,
} from "../server-case.ts";
import { type ServerSubject, summaryOf } from "../server-subject.ts";

const LAST_EVENT_ID =
  "If the EventSource object's last event ID string is not the empty string, then: Let lastEventIDValue be the EventSource object's last event ID string, encoded as UTF-8. Set (`Last-Event-ID`, lastEventIDValue) in request's header list.";
const NOTHING_LOST =
  "A reader can't see what it was not sent: between the history and what is live there must be no hole and no overlap.";

/** Runs with a recorded history, where the server can resume at all. */
async function withHistory(subject: ServerSubject, look: (history: History) => Outcome): Promise<Finding | undefined> {
  const history = await recordHistory(subject);
  return history.resumes ? ((await look(history)) ?? undefined) : unsupported(NO_RESUME);
}

/** A reader that comes back gets what it missed, and nothing else. */
export const resumeCases: readonly ServerCase[] = [
  serverCase({
    id: "resume/offered",
    level: "PRACTICE",
    rule: "Events have ids, and a reader that comes back with one gets what it missed.",
    from: ["reestablish-the-connection", LAST_EVENT_ID],
    repair: "Give every event an id, keep the last ones, and send those after the Last-Event-ID of the request.",
    needs: ["publish"],
    run: async (subject) => {
      const history = await recordHistory(subject);
      if (history.hasIds && history.resumes) return;
      fail(history.hasIds ? "What a reader missed is not sent again" : "Events have no ids", {
        expected: "the missed events after Last-Event-ID",
        actual: history.hasIds
          ? `nothing of what came after the id ${show(history.cursor(0))}`
          : "events without an id field",
      });
    },
  }),
  serverCase({
    id: "resume/nothing-lost",
    level: "INTEGRITY",
    rule: "A reader that comes back after any event gets all that were published since.",
    from: NOTHING_LOST,
    repair: "Send every event after the cursor, the first one and the last one too.",
    needs: ["publish"],
    deadline: 30_000,
    run: (subject) =>
      withHistory(subject, async (history) => {
        for (const cut of history.cuts()) {
          const reader = await history.resumeFor(cut.cursor, cut.rest);
          const missing = cut.rest.filter((data) => !reader.events.some((event) => event.data === data));
          if (missing.length > 0) {
            fail(`A reader came back after event ${cut.after} of ${history.data.length} and missed ${missing.length}`, {
              expected: `${counted(cut.rest.length, "event")} after Last-Event-ID: ${cut.cursor}`,
              actual: showEvents(reader.events),
            });
          }
        }
      }),
  }),
  serverCase({
    id: "resume/nothing-repeated",
    level: "INTEGRITY",
    rule: "A reader that comes back after any event gets neither that event nor one before it again.",
    from: NOTHING_LOST,
    repair: "Send what comes after the cursor: compare by >, not by >=, and numbers as numbers.",
    needs: ["publish"],
    deadline: 30_000,
    run: (subject) =>
      withHistory(subject, async (history) => {
        for (const cut of history.cuts()) {
          const reader = await history.resume(cut.cursor);
          const own = reader.events.map(({ data }) => data).filter((data) => history.data.includes(data));
          const again = own.filter((data, at) => !cut.rest.includes(data) || own.indexOf(data) !== at);
          if (again.length > 0) {
            fail(`A reader came back after event ${cut.after} and got ${again.length} again`, {
              expected: `the ${counted(cut.rest.length, "event")} after Last-Event-ID: ${cut.cursor}, once`,
              actual: showEvents(reader.events),
            });
          }
        }
      }),
  }),
  serverCase({
    id: "resume/in-order",
    level: "INTEGRITY",
    rule: "What a reader missed arrives in the order in which it was published.",
    from: NOTHING_LOST,
    repair: "Read the history from old to new.",
    needs: ["publish"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const reader = await history.resume(history.cursor(0));
        const own = reader.events.map(({ data }) => data).filter((data) => history.data.includes(data));
        const sorted = [...own].sort((one, other) => history.data.indexOf(one) - history.data.indexOf(other));
        if (own.join() !== sorted.join()) {
          fail("What was missed came in another order", { expected: sorted.join(", "), actual: own.join(", ") });
        }
      }),
  }),
  serverCase({
    id: "resume/ids-and-types",
    level: "INTEGRITY",
    rule: "An event that is sent again has the id and the type that it had.",
    from: NOTHING_LOST,
    repair: "Keep id and type with the data, and write all three again.",
    needs: ["publish"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const reader = await history.resume(history.cursor(0));
        for (const event of history.events.slice(1)) {
          const again = reader.events.find(({ data }) => data === event.data);
          if (again !== undefined && (again.type !== event.type || again.lastEventId !== event.lastEventId)) {
            fail("An event came back changed", { expected: showEvents([event]), actual: showEvents([again]) });
          }
        }
      }),
  }),
  serverCase({
    id: "resume/goes-live",
    level: "INTEGRITY",
    rule: "After what it missed a reader gets what is published from then on, once.",
    from: NOTHING_LOST,
    repair: "Make a reader that was brought up to date an ordinary subscriber.",
    needs: ["publish"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const reader = await history.resume(history.cursor(0));
        const live = [subject.token(), subject.token(), subject.token()];
        for (const data of live) await subject.publish({ data });
        await subject.settle(reader);
        const actual = await arrivals(reader, { of: live, within: 0 });
        expectSequence("3 events were published to a reader that had come back", { expected: live, actual, reader });
      }),
  }),
  serverCase({
    id: "resume/up-to-date",
    level: "INTEGRITY",
    rule: "A reader that comes back having missed nothing gets nothing again.",
    from: NOTHING_LOST,
    repair: "Take the newest id for what it is: everything is there already.",
    needs: ["publish"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const reader = await history.resume(history.lastCursor);
        await subject.settle(reader);
        const again = reader.events.filter(({ data }) => history.data.includes(data));
        if (again.length > 0) {
          fail("A reader that had everything got it again", {
            expected: "no event of before",
            actual: showEvents(again),
          });
        }
      }),
  }),
  serverCase({
    id: "resume/each-reader-its-own",
    level: "INTEGRITY",
    rule: "Two readers that come back at the same time each get all that they missed.",
    from: NOTHING_LOST,
    repair: "Keep a position for each connection: a shared one starves the second.",
    needs: ["publish"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const cursors = [history.cursor(0), history.cursor(2), history.cursor(0)];
        const readers = await Promise.all(cursors.map((cursor) => history.resume(cursor)));
        for (const [n, reader] of readers.entries()) {
          const expected = history.data.slice(n === 1 ? 3 : 1);
          const actual = reader.events.map(({ data }) => data).filter((data) => history.data.includes(data));
          expectSequence(`Reader ${n + 1} of 3 that came back at once`, { expected, actual, reader });
        }
      }),
  }),
  serverCase({
    id: "resume/twice",
    level: "INTEGRITY",
    rule: "A reader can come back again from where it came back to.",
    from: NOTHING_LOST,
    repair: "Send ids that mean the same in every connection, in what is sent again too.",
    needs: ["publish"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const first = await history.resumeFor(history.cursor(0), history.data.slice(1));
        const missed = subject.token();
        const { lastEventId } = first;
        first.leave();
        await subject.publish({ data: missed });
        const second = await history.resume(lastEventId);
        await subject.arrival(second, missed);
        const actual = second.events
          .map(({ data }) => data)
          .filter((data) => data === missed || history.data.includes(data));
        expectSequence("A reader came back for the second time", { expected: [missed], actual, reader: second });
      }),
  }),
  serverCase({
    id: "resume/id-beyond-ascii",
    level: "INTEGRITY",
    rule: "An id beyond ASCII is resumed from: it comes back as its UTF-8 bytes.",
    from: ["reestablish-the-connection", LAST_EVENT_ID],
    repair:
      'Decode Last-Event-ID as UTF-8 (Buffer.from(value, "latin1").toString()), or give ids of visible ASCII alone.',
    needs: ["publish", "publish-id"],
    run: async (subject) => {
      const id = `\u00e9\u20ac${subject.token()}`;
      const reader = await subject.listen();
      const [data, missed] = [subject.token(), subject.token()];
      try {
        await subject.publish({ id, data });
      } catch (error) {
        return unsupported(`the server refuses the id (${(error as Error).message})`);
      }
      const event = await subject.arrival(reader, data);
      if (event?.lastEventId !== id) return unsupported("the server gives ids of its own");
      await subject.publish({ data: missed });
      const again = await subject.open({ lastEventId: id });
      await subject.settle(again);
      const came = again.events.map((one) => one.data);
      if (came.includes(data) || !came.includes(missed)) {
        // Without any resume there is nothing to say of this id.
        if (!(await recordHistory(subject)).resumes) return unsupported(NO_RESUME);
        fail("The id is not known again", {
          expected: `the event after the id ${show(id)}`,
          actual: showEvents(again.events),
        });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "resume/handover",
    level: "INTEGRITY",
    rule: "While others publish, a reader that comes back gets every event once, in order, across the hand-over to live.",
    from: NOTHING_LOST,
    repair:
      "Subscribe before you read the history and drop what is there twice, or read history and tail by one cursor.",
    needs: ["publish"],
    deadline: 45_000,
    run: (subject) => withHistory(subject, () => handOver(subject)),
  }),
  serverCase({
    id: "resume/query",
    level: "INFO",
    rule: "A cursor in the query is honoured, where a reader can't send the header.",
    from: "The first request of an EventSource has no Last-Event-ID: a cursor that a page brings stands in its URL.",
    repair: "Take the cursor from the query, where there is no Last-Event-ID.",
    needs: ["publish", "cursor-query"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const reader = await subject.open({ queryCursor: history.cursor(0) });
        await history.caughtUp(reader);
        const own = reader.events.map(({ data }) => data).filter((data) => history.data.includes(data));
        return own.join() === history.data.slice(1).join()
          ? undefined
          : {
              verdict: "info",
              message: `a cursor in the query gets ${own.length} of ${history.data.length - 1} missed events`,
            };
      }),
  }),
  serverCase({
    id: "resume/header-beats-query",
    level: "INTEGRITY",
    rule: "Last-Event-ID counts more than a cursor in the query, which is as old as the URL.",
    from: "An EventSource that comes back repeats its URL, with the cursor of then; Last-Event-ID is the newer one.",
    repair: "Read the header first.",
    needs: ["publish", "cursor-query"],
    run: (subject) =>
      withHistory(subject, async (history) => {
        const reader = await subject.open({ queryCursor: history.cursor(0), lastEventId: history.cursor(3) });
        await history.caughtUp(reader);
        const own = reader.events.map(({ data }) => data).filter((data) => history.data.includes(data));
        expectSequence("A reader came back with a newer header", {
          expected: history.data.slice(4),
          actual: own,
          reader,
        });
      }),
  }),
];

/** Publishes while readers come back, one after the other, each from where another has just got. */
async function handOver(subject: ServerSubject): Promise<void> {
  const witness = await subject.listen();
  const published = new Set([await publishNamed(subject)]);
  await arrivals(witness, { of: [...published], within: subject.durations.within });
  for (let n = 1; n <= 12; n++) {
    const from = witness.events.filter(({ data, lastEventId }) => published.has(data) && lastEventId !== "").at(-1);
    if (from === undefined) {
      fail("No reader can come back", { expected: "an event with an id", actual: summaryOf(witness) });
    }
    const reader = await openWhilePublishing(subject, { lastEventId: from.lastEventId, published });
    const all = [...published];
    await subject.arrival(reader, all.at(-1) ?? "");
    const actual = await arrivals(reader, { of: all, within: 0 });
    const expected = all.slice(all.indexOf(from.data) + 1);
    expectSequence(`Reader ${n} came back while others published`, { expected, actual, reader });
    reader.leave();
  }
}

/** Publishes without a pause, from before the request until what the reader missed has come, and some more. */
async function openWhilePublishing(
  subject: ServerSubject,
  { lastEventId, published }: { lastEventId: string; published: Set<string> },
): Promise<StreamReader> {
  let isOver = false;
  const publishing = (async () => {
    while (!isOver) {
      published.add(await publishNamed(subject));
      await subject.turn();
    }
  })();
  try {
    const reader = await subject.open({ lastEventId });
    const { prompt } = subject.durations;
    const missed = (await reader.until(() => reader.events.length > 0 && reader.events.length, prompt)) ?? 0;
    await reader.until(() => reader.events.length >= missed + 10, prompt);
    return reader;
  } finally {
    isOver = true;
    await publishing;
  }
}

/** Publishes an event, with an id where that is possible: a server may have none of its own. */
async function publishNamed(subject: ServerSubject): Promise<string> {
  const data = subject.token();
  await subject.publish({ data, ...(subject.can("id") && { id: data }) });
  return data;
}
