import { counted } from "../../counted.ts";
import {
  arrivals,
  expectSequence,
  fail,
  publishNumbered,
  type ServerCase,
  serverCase,
  unsupported,
} from "../server-case.ts";

const UNTOLD = "the number of subscribers is not told: give the driver a count()";

/** Readers that go away. */
export const leaveCases: readonly ServerCase[] = [
  ...(["end", "reset"] as const).map((how) =>
    serverCase({
      id: `leave/forgotten-after-${how}`,
      level: "PRACTICE",
      rule:
        how === "end"
          ? "A reader that closes its connection is forgotten."
          : "A reader whose connection breaks off is forgotten.",
      from: "Who left and is still subscribed costs memory, and a write for each event.",
      repair:
        "Remove the subscriber when its response closes, however it does, and listen for that before the first await.",
      needs: ["publish"],
      deadline: 30_000,
      run: async (subject) => {
        const before = await subject.restingCount();
        if (before === undefined) return unsupported(UNTOLD);
        const readers = await Promise.all(Array.from({ length: 10 }, () => subject.open()));
        const open = await subject.countOf((count) => count >= before + 10);
        if (open < before + 10) {
          fail("Open streams are not counted", { expected: counted(before + 10, "subscriber"), actual: `${open}` });
        }
        for (const reader of readers) reader.leave(how);
        const after = await subject.countOf((count) => count <= before);
        if (after > before) {
          fail("Readers that left are still counted", {
            expected: counted(before, "subscriber"),
            actual: `${after}, after 10 left`,
          });
        }
        return undefined;
      },
    }),
  ),
  serverCase({
    id: "leave/before-the-head",
    level: "PRACTICE",
    rule: "A reader that leaves right after its request is forgotten.",
    from: "A connection that closed before anyone listened for it tells nobody again.",
    repair: "Look whether the connection is closed already when you register the subscriber.",
    needs: ["publish"],
    run: async (subject) => {
      const before = await subject.restingCount();
      if (before === undefined) return unsupported(UNTOLD);
      await Promise.all(Array.from({ length: 10 }, () => subject.ask()));
      // By the time that a later reader is served the earlier requests have been.
      await subject.listen();
      const after = await subject.countOf((count) => count <= before + 1);
      if (after > before + 1) {
        fail("Readers that left early are still counted", {
          expected: counted(before + 1, "subscriber"),
          actual: `${after}`,
        });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "leave/others-go-on",
    level: "INTEGRITY",
    rule: "Readers that leave while events are sent cost the others nothing.",
    from: "A list that shrinks while it is gone through skips members.",
    repair: "Go over a copy of the list of subscribers, and let an error of one reach no other.",
    needs: ["publish"],
    deadline: 30_000,
    run: async (subject) => {
      const leaving = await Promise.all(Array.from({ length: 8 }, () => subject.open()));
      const staying = await subject.listen();
      const alsoLeaving = await Promise.all(Array.from({ length: 8 }, () => subject.open()));
      const publishing = publishNumbered(subject, 60);
      for (const [n, reader] of [...leaving, ...alsoLeaving].entries()) {
        reader.leave(n % 2 === 0 ? "reset" : "end");
        await subject.turn();
      }
      const expected = await publishing;
      await subject.settle(staying);
      const actual = await arrivals(staying, { of: expected, within: 0 });
      expectSequence("16 others left while 60 events were published", { expected, actual, reader: staying });
    },
  }),
  serverCase({
    id: "leave/in-the-middle-of-an-event",
    level: "INTEGRITY",
    rule: "A reader that leaves in the middle of a large event costs the others nothing.",
    from: "What one connection throws in the loop that serves all ends the delivery to the others.",
    repair: "Take errors of a socket as its end: an error event that nobody listens to ends the process.",
    needs: ["publish"],
    deadline: 30_000,
    run: async (subject) => {
      const staying = await subject.listen();
      const expected: string[] = [];
      for (let round = 0; round < 4; round++) {
        const leaving = await subject.open();
        leaving.pause();
        const data = `${subject.token()} `.padEnd(1_000_000, "x");
        expected.push(data);
        const publishing = subject.publish({ data });
        leaving.leave("reset");
        await publishing;
      }
      await subject.settle(staying);
      const actual = await arrivals(staying, { of: expected, within: 0 });
      expectSequence("4 others left in the middle of large events", { expected, actual, reader: staying });
    },
  }),
];
