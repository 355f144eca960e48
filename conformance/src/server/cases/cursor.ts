import type { StreamReader } from "../../http/stream-reader.ts";
import { NO_RESUME, recordHistory } from "../history.ts";
import {
  expectSequence,
  fail,
  info,
  publishNumbered,
  type ServerCase,
  serverCase,
  show,
  showEvents,
  unsupported,
} from "../server-case.ts";
import { type ServerSubject, summaryOf } from "../server-subject.ts";

const LAST_EVENT_ID = "Set (`Last-Event-ID`, lastEventIDValue) in request's header list.";
const LIVE =
  "A reader can't see what it was not sent: between the history and what is live there must be no hole and no overlap.";
const GAP = "A reader whose cursor says nothing to the server has no other way to learn that it missed something.";

/** Cursors that readers have been seen to bring, or attackers. */
const ODD_CURSORS: readonly string[] = [
  "",
  "0",
  "-1",
  "1e999",
  "NaN",
  "undefined",
  "99999999999999999999",
  "__proto__",
  "' OR '1'='1",
  "*",
  "../../etc/passwd",
  "%00%0a",
  '{"$gt":""}',
  "\u00e9\u20ac\u{1f600}",
  "x".repeat(4_000),
];

/** Cursors that the server does not know, or does not know any more. */
export const cursorCases: readonly ServerCase[] = [
  serverCase({
    id: "cursor/odd-ones-are-answered",
    level: "PRACTICE",
    rule: "Any Last-Event-ID is answered, and never with an error of the server.",
    from: ["reestablish-the-connection", LAST_EVENT_ID],
    repair: "Take Last-Event-ID for text from a stranger: an EventSource that gets a 500 never comes back.",
    deadline: 60_000,
    run: async (subject) => {
      for (const lastEventId of ODD_CURSORS) {
        const reader = await subject.request({ lastEventId });
        const status = reader?.head?.status;
        if (status === undefined || status >= 500) {
          fail("A cursor breaks the server", {
            expected: "a stream, 204, or a refusal",
            actual: `${status ?? "no answer"} to Last-Event-ID: ${show(lastEventId)}`,
          });
        }
        reader?.leave();
      }
    },
  }),
  serverCase({
    id: "cursor/unknown-goes-live",
    level: "INTEGRITY",
    rule: "A reader that comes with an unknown cursor and gets a stream gets what is published from then on.",
    from: LIVE,
    repair: "Go live after whatever you do about a cursor that you don't know.",
    needs: ["publish"],
    run: async (subject) => {
      for (const lastEventId of [`unknown-${subject.token()}`, "99999999999999999999", "0"]) {
        const reader = await subject.request({ lastEventId });
        if (reader?.head?.status !== 200) continue;
        const data = await publishNumbered(subject, 3);
        const came = await subject.arrival(reader, data.at(-1) ?? "");
        if (came === undefined) {
          fail(`What is published doesn't reach a reader that came with Last-Event-ID: ${lastEventId}`, {
            expected: "the 3 events that were published then",
            actual: summaryOf(reader),
          });
        }
        const own = reader.events.map((event) => event.data).filter((one) => data.includes(one));
        expectSequence("Live events after an unknown cursor", { expected: data, actual: own, reader });
      }
    },
  }),
  serverCase({
    id: "cursor/unknown",
    level: "INFO",
    rule: "A reader with an unknown cursor is told that it may have missed something.",
    from: GAP,
    repair: "Send an event of a type of your own, such as gap, before you go live.",
    needs: ["publish"],
    run: async (subject) => {
      const history = await recordHistory(subject);
      if (!history.resumes) return unsupported(NO_RESUME);
      const reader = await subject.request({ lastEventId: `unknown-${subject.token()}` });
      if (reader?.head?.status !== 200) return info(`an unknown cursor gets ${reader?.head?.status ?? "no answer"}`);
      await subject.settle(reader);
      const again = reader.events.filter(({ data }) => history.data.includes(data)).length;
      if (gapOf(reader) !== undefined && again === 0) return undefined;
      return info(
        again > 0
          ? "an unknown cursor gets what there is of the history"
          : "an unknown cursor gets nothing, and no sign",
      );
    },
  }),
  serverCase({
    id: "cursor/ancient-in-order",
    level: "INTEGRITY",
    rule: "A reader that comes back after very many events gets those that are left, once and in order, up to the last.",
    from: LIVE,
    repair: "Send the rest of the history from old to new, then go live.",
    needs: ["publish"],
    deadline: 45_000,
    run: async (subject) => {
      const history = await recordHistory(subject);
      if (!history.resumes) return unsupported(NO_RESUME);
      const { reader, data, came } = await comeBackLate(subject, history.lastCursor);
      // What is gone is gone, and the gap event is the server's choice; what comes must be the end of it.
      if (came.length > 0) {
        expectSequence("What came after a long absence", { expected: data.slice(-came.length), actual: came, reader });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "cursor/ancient",
    level: "INFO",
    rule: "A reader that missed more than is kept is told so by a gap event.",
    from: GAP,
    repair: "Send an event of a type of your own, such as gap, where history has been dropped after the cursor.",
    needs: ["publish"],
    deadline: 45_000,
    run: async (subject) => {
      const history = await recordHistory(subject);
      if (!history.resumes) return unsupported(NO_RESUME);
      const { reader, data, came } = await comeBackLate(subject, history.lastCursor);
      if (came.length === data.length || gapOf(reader) !== undefined) return undefined;
      return info(`${came.length} of ${data.length} missed events came, and no sign of the others`);
    },
  }),
];

const MANY = 400;

/** Publishes very many events after a cursor, and comes back with it. */
async function comeBackLate(
  subject: ServerSubject,
  cursor: string,
): Promise<{ reader: StreamReader; data: string[]; came: string[] }> {
  const data = Array.from({ length: MANY }, () => subject.token());
  for (const one of data) await subject.publish({ data: one });
  const reader = await subject.request({ lastEventId: cursor });
  if (reader?.head?.status !== 200)
    fail("A cursor is refused that was given", {
      expected: "a stream",
      actual: `${reader?.head?.status ?? "no answer"}`,
    });
  await subject.arrival(reader, data.at(-1) ?? "", subject.durations.quiet);
  await subject.settle(reader);
  const came = reader.events.map((event) => event.data).filter((one) => data.includes(one));
  return { reader, data, came };
}

/** An event of a type that nobody published and that says something: a gap event. */
function gapOf(reader: StreamReader): string | undefined {
  const gap = reader.events.find(
    ({ type }) => type !== "message" && type !== "suite" && /gap|lost|miss|reset|expired|resync/i.test(type),
  );
  return gap === undefined ? undefined : showEvents([gap]);
}
