import type { StreamReader } from "../../http/stream-reader.ts";
import { UnsettledError } from "../publisher.ts";
import { expectSequence, fail, type ServerCase, serverCase } from "../server-case.ts";
import type { ServerSubject } from "../server-subject.ts";

/** More than the sockets of a connection hold. */
const EVENTS = 64;
const BYTES = 128 * 1024;

interface Stall {
  readonly stalled: StreamReader;
  readonly data: readonly string[];
  /** How many events the reader that goes on has got, each before the next was published. */
  readonly taken: number;
}

/** A reader stops reading while another goes on, and much is published. */
async function stall(subject: ServerSubject): Promise<Stall> {
  const stalled = await subject.listen();
  const other = await subject.listen();
  stalled.pause();
  const data: string[] = [];
  for (let n = 0; n < EVENTS; n++) {
    const one = `${subject.token()} `.padEnd(BYTES, `${n} `);
    data.push(one);
    if (!(await isTaken(subject, { other, data: one }))) return { stalled, data, taken: n };
  }
  return { stalled, data, taken: EVENTS };
}

/** Publishes an event; whether both the publisher and the reader that goes on come through. */
async function isTaken(
  subject: ServerSubject,
  { other, data }: { other: StreamReader; data: string },
): Promise<boolean> {
  // A publish that is held up ends when its reader leaves, at the end of the case.
  const publishing = subject.publish({ data }).then(() => true, unlessHeldUp);
  // What was refused does not come, and is nobody's fault.
  const refused = publishing.then(() => new Promise<never>(() => {}));
  refused.catch(() => {});
  if ((await Promise.race([subject.arrival(other, data), refused])) === undefined) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, subject.durations.within, false);
  });
  return await Promise.race([publishing, late]).finally(() => clearTimeout(timer));
}

/** That a publish is held up is what is looked for, and no fault of the attachment here. */
function unlessHeldUp(error: unknown): false {
  if (error instanceof UnsettledError) return false;
  throw error;
}

/** A reader that takes nothing. */
export const stallCases: readonly ServerCase[] = [
  serverCase({
    id: "stall/others-go-on",
    level: "PRACTICE",
    rule: "A reader that stops reading holds up neither the publisher nor other readers.",
    from: "One connection says nothing of another: a loop that waits for the slowest reader makes all of them as slow.",
    repair: "Wait for each reader by itself: one that does not read must not be awaited by the loop that serves all.",
    needs: ["publish"],
    deadline: 60_000,
    run: async (subject) => {
      const { taken } = await stall(subject);
      if (taken < EVENTS) {
        fail("A reader that stopped reading holds up another, or the publisher", {
          expected: `each of ${EVENTS} events of ${BYTES} bytes, for the one that reads, within ${subject.durations.within} ms`,
          actual: `${taken} of them`,
        });
      }
    },
  }),
  serverCase({
    id: "stall/nothing-torn",
    level: "INTEGRITY",
    rule: "A reader that reads on gets what there was without a hole and whole, up to the end or to a sign of loss.",
    from: ["event-stream-interpretation", "Once the end of the file is reached, any pending data must be discarded."],
    repair:
      "For a reader that is behind keep what it is owed, or close its connection so that it resumes, or send a gap event; never leave out some.",
    needs: ["publish"],
    deadline: 60_000,
    run: async (subject) => {
      const { stalled, data } = await stall(subject);
      stalled.resume();
      const end = subject.token();
      await subject.publish({ data: end }).catch(unlessHeldUp);
      // Where the server has cut it off there is an end, and otherwise the last event comes.
      await subject.arrival(stalled, end, 2 * subject.durations.within);
      const own = stalled.events.map((event) => event.data);
      const torn = own.find(
        (one) => !data.includes(one) && data.some((whole) => one.length > 64 && isPieceOf(one, whole)),
      );
      if (torn !== undefined) {
        fail("An event arrived torn", { expected: `${BYTES} bytes`, actual: `${torn.length} characters of it` });
      }
      const actual = own.filter((one) => data.includes(one));
      if (stalled.ending !== undefined) {
        const expected = data.slice(0, actual.length);
        expectSequence("Until the server closed the stream", { expected, actual, reader: stalled });
      } else if (!stalled.events.some(({ type }) => /gap|lost|miss|skip|reset|overrun/i.test(type))) {
        expectSequence("A reader that had stopped read on", { expected: data, actual, reader: stalled });
      }
    },
  }),
];

function isPieceOf(piece: string, whole: string): boolean {
  return whole.startsWith(piece.slice(0, 32)) || whole.includes(piece.slice(-64));
}
