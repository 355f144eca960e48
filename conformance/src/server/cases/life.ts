import { fail, info, type ServerCase, serverCase } from "../server-case.ts";
import { summaryOf } from "../server-subject.ts";

/** What a stream does when nothing happens. */
export const lifeCases: readonly ServerCase[] = [
  serverCase({
    id: "life/stays-open",
    level: "PRACTICE",
    rule: "A stream stays open while nothing is published.",
    from: [
      "parsing-an-event-stream",
      "Since connections established to remote servers for such resources are expected to be long-lived, UAs should ensure that appropriate buffering is used.",
    ],
    repair: "Keep the response open; each end costs every reader a reconnection.",
    run: async (subject) => {
      const reader = await subject.open();
      if ((await reader.untilEnded(subject.durations.quiet)) !== undefined) {
        fail("The stream ended by itself", {
          expected: `an open stream after ${subject.durations.quiet} ms`,
          actual: summaryOf(reader),
        });
      }
    },
  }),
  serverCase({
    id: "life/heartbeat",
    level: "PRACTICE",
    rule: "A quiet stream shows from time to time that it lives.",
    from: [
      "authoring-notes",
      "To protect against such proxy servers, authors can include a comment line (one starting with a ':' character) every 15 seconds or so.",
    ],
    repair:
      'Write a comment such as ":\\n\\n" every 15 s: proxies and load balancers end connections that carry nothing.',
    deadline: 120_000,
    run: async (subject) => {
      const { heartbeat, quiet } = subject.durations;
      const reader = await subject.open();
      // What belongs to the beginning is no heartbeat.
      await reader.until(() => false, Math.min(quiet, heartbeat));
      const before = reader.pieces.length;
      const beat = await reader.until(() => reader.pieces.length > before, heartbeat);
      if (beat === undefined) {
        const actual = reader.ending === undefined ? "silence" : `the end of the stream (${reader.ending})`;
        fail("The stream is silent", { expected: `a comment, or any byte, within ${heartbeat} ms`, actual });
      }
    },
  }),
  serverCase({
    id: "life/comes-back",
    level: "MUST",
    rule: "A reader whose stream has ended gets a stream again at the same URL.",
    from: [
      "reestablish-the-connection",
      "Fetch request and process the response obtained in this fashion, if any, as described earlier in this section.",
    ],
    repair: "Answer each request by itself; state of a reader who left must not turn the next one away.",
    run: async (subject) => {
      for (let round = 0; round < 3; round++) {
        const reader = await subject.open();
        reader.leave(round % 2 === 0 ? "reset" : "end");
      }
      await subject.open();
    },
  }),
  serverCase({
    id: "life/reconnection-time",
    level: "INFO",
    rule: "The server tells its readers a reconnection time.",
    from: [
      "concept-event-stream-reconnection-time",
      "This must initially be an implementation-defined value, probably in the region of a few seconds.",
    ],
    repair: "Send retry: with the first bytes, a little different for each reader, lest all come back together.",
    run: async (subject) => {
      const reader = await subject.open();
      await reader.until(() => reader.reconnectionTimes.length > 0, subject.durations.quiet);
      return reader.reconnectionTimes.length > 0 ? undefined : info("no retry field with the first bytes");
    },
  }),
];
