import { arrivals, expectSequence, fail, publishNumbered, type ServerCase, serverCase } from "../server-case.ts";
import { summaryOf } from "../server-subject.ts";

const PENDING =
  "Once the end of the file is reached, any pending data must be discarded. (If the file ends in the middle of an event, before the final empty line, the incomplete event is not dispatched.)";

/** The server ends its streams. */
export const endCases: readonly ServerCase[] = [
  serverCase({
    id: "end/streams-end",
    level: "PRACTICE",
    rule: "A server that ends its streams does so, and soon.",
    from: "A server that waits for its connections to end before it stops waits for event streams for ever.",
    repair: "End each open response yourself: a server's close() waits for them for ever.",
    needs: ["publish", "close-all"],
    run: async (subject) => {
      const readers = [await subject.listen(), await subject.listen()];
      await subject.closeAll();
      for (const reader of readers) {
        if ((await reader.untilEnded(subject.durations.within)) === undefined) {
          fail("A stream stays open", { expected: "its end", actual: summaryOf(reader) });
        }
      }
    },
  }),
  serverCase({
    id: "end/loses-nothing",
    level: "INTEGRITY",
    rule: "What was published before the end arrives before it, whole, or after the reader has come back.",
    from: ["event-stream-interpretation", PENDING],
    repair: "Write the last event with its blank line, wait until all is flushed, then end.",
    needs: ["publish", "close-all"],
    run: async (subject) => {
      const reader = await subject.listen();
      const expected = [...(await publishNumbered(subject, 20)), `${subject.token()} `.padEnd(300_000, "x")];
      await subject.publish({ data: expected.at(-1) ?? "" });
      await subject.closeAll();
      await reader.untilEnded(subject.durations.within);
      const actual = await arrivals(reader, { of: expected, within: 0 });
      if (actual.length < expected.length && reader.lastEventId !== "") {
        const again = await subject.open({ lastEventId: reader.lastEventId });
        const rest = expected.slice(actual.length);
        actual.push(...(await arrivals(again, { of: rest, within: subject.durations.within })));
      }
      expectSequence("The streams were ended right after 21 events", { expected, actual, reader });
    },
  }),
  serverCase({
    id: "end/in-good-order",
    level: "PRACTICE",
    rule: "A stream that is ended is a complete message.",
    from: [
      "rfc9112-8",
      "A message body that uses the chunked transfer coding is incomplete if the zero-sized chunk that terminates the encoding has not been received.",
    ],
    repair: "End the response (res.end()), instead of destroying its socket.",
    needs: ["publish", "close-all"],
    run: async (subject) => {
      const reader = await subject.listen();
      await subject.closeAll();
      const ending = await reader.untilEnded(subject.durations.within);
      if (ending !== "complete") {
        fail("The stream broke off", { expected: "the last chunk, of size 0", actual: ending ?? "no end" });
      }
    },
  }),
  serverCase({
    id: "end/comes-back",
    level: "INTEGRITY",
    rule: "After the end readers can come back, and get what is published then.",
    from: [
      "reestablish-the-connection",
      "Fetch request and process the response obtained in this fashion, if any, as described earlier in this section.",
    ],
    repair: "Take requests again after you ended the streams, and register their readers anew.",
    needs: ["publish", "close-all"],
    run: async (subject) => {
      const reader = await subject.listen();
      await subject.closeAll();
      await reader.untilEnded(subject.durations.within);
      await subject.listen();
    },
  }),
];
