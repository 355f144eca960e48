import { arrivals, expectSequence, fail, publishNumbered, type ServerCase, serverCase } from "../server-case.ts";
import type { ServerSubject } from "../server-subject.ts";

const IN_ORDER =
  "The stream must then be parsed by reading everything line by line, with a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character not preceded by a U+000D CARRIAGE RETURN (CR) character, and a single U+000D CARRIAGE RETURN (CR) character not followed by a U+000A LINE FEED (LF) character being the ways in which a line can end.";
const LOG_ORDER = "Readers that apply the same events in two orders end with two states.";

/** Many events and many readers: each gets each once, in one order. */
export const orderCases: readonly ServerCase[] = [
  serverCase({
    id: "order/one-after-another",
    level: "INTEGRITY",
    rule: "Events that are published one after another arrive once each, in that order.",
    from: ["event-stream-interpretation", IN_ORDER],
    repair: "Send events of a reader in one queue; don't start a delivery of its own for each.",
    needs: ["publish"],
    run: async (subject) => {
      const reader = await subject.listen();
      const expected = await publishNumbered(subject, 100);
      await subject.settle(reader);
      const actual = await arrivals(reader, { of: expected, within: 0 });
      expectSequence("100 events were published one after another", { expected, actual, reader });
    },
  }),
  serverCase({
    id: "order/burst",
    level: "INTEGRITY",
    rule: "Events that are published at the same time arrive once each.",
    from: ["event-stream-interpretation", IN_ORDER],
    repair: "Put every event into the reader's queue, also while a write is under way; neither drop nor coalesce.",
    needs: ["publish"],
    run: async (subject) => {
      const reader = await subject.listen();
      const expected = Array.from({ length: 150 }, () => subject.token());
      await Promise.all(expected.map((data) => subject.publish({ data })));
      await subject.settle(reader);
      // Which of them comes first is the server's to say.
      const actual = await arrivals(reader, { of: expected, within: subject.durations.within });
      expectSequence("150 events were published at once", { expected, actual: sortedLike(expected, actual), reader });
    },
  }),
  serverCase({
    id: "order/large-among-small",
    level: "INTEGRITY",
    rule: "Large events that are published at the same time as small ones arrive whole, not mixed up.",
    from: ["event-stream-interpretation", IN_ORDER],
    repair: "Write an event in one piece, or let no other write in between.",
    needs: ["publish"],
    run: async (subject) => {
      const reader = await subject.listen();
      const expected = Array.from({ length: 24 }, (_, n) => {
        const token = subject.token();
        return n % 4 === 0 ? `${token} `.padEnd(200_000, token) : token;
      });
      await Promise.all(expected.map((data) => subject.publish({ data })));
      await subject.settle(reader);
      const actual = await arrivals(reader, { of: expected, within: subject.durations.within });
      expectSequence("Large and small events were published at once", {
        expected,
        actual: sortedLike(expected, actual),
        reader,
      });
    },
  }),
  serverCase({
    id: "order/every-reader",
    level: "INTEGRITY",
    rule: "Each of several readers gets every event.",
    from: LOG_ORDER,
    repair: "Write to every subscriber; go over a copy of their list, which changes while you do.",
    needs: ["publish"],
    run: async (subject) => {
      const readers = await Promise.all(Array.from({ length: 12 }, () => subject.listen()));
      const expected = await publishNumbered(subject, 10);
      for (const [n, reader] of readers.entries()) {
        const actual = await arrivals(reader, { of: expected, within: subject.durations.within });
        expectSequence(`Reader ${n + 1} of 12`, { expected, actual, reader });
      }
    },
  }),
  serverCase({
    id: "order/same-for-all",
    level: "INTEGRITY",
    rule: "Two readers get events that are published at the same time in one and the same order.",
    from: LOG_ORDER,
    repair: "Give each event its place once, before it is sent to anybody.",
    needs: ["publish"],
    run: async (subject) => {
      const [one, other] = await Promise.all([subject.listen(), subject.listen()]);
      const expected = Array.from({ length: 60 }, () => subject.token());
      await Promise.all(expected.map((data) => subject.publish({ data })));
      const [first, second] = await Promise.all([settled(subject, one, expected), settled(subject, other, expected)]);
      const differs = first.findIndex((data, at) => data !== second[at]);
      if (differs >= 0) {
        fail("Two readers got the same events in different orders", {
          expected: `${first[differs]} as event ${differs + 1} for both`,
          actual: `${second[differs] ?? "nothing"} for one of them`,
        });
      }
    },
  }),
];

async function settled(
  subject: ServerSubject,
  reader: Awaited<ReturnType<ServerSubject["listen"]>>,
  of: readonly string[],
): Promise<string[]> {
  return await arrivals(reader, { of, within: subject.durations.within });
}

/** What came, in the order of what was published: where that order is free, only loss and repetition count. */
function sortedLike(expected: readonly string[], actual: readonly string[]): string[] {
  const places = new Map(expected.map((data, at) => [data, at]));
  return [...actual].sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
}
