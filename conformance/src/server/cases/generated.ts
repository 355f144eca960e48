import fc from "fast-check";
import { hostileText } from "../../arbitraries.ts";
import { CaseFailure } from "../../case.ts";
import type { PublishedEvent } from "../publisher.ts";
import { exchange, type ServerCase, serverCase, show, showEvents } from "../server-case.ts";

/** How many events are drawn. */
const EVENTS = 200;

/** Milliseconds after which no smaller event is looked for. */
const SHRINKING = 20_000;

/** Events that are drawn at random from what writers trip over, through the server and back. */
export const generatedCases: readonly ServerCase[] = [
  serverCase({
    id: "generated/arrive-as-they-were",
    level: "INTEGRITY",
    rule: "Whatever is published arrives to the character, or is refused.",
    from: [
      "event-stream-interpretation",
      "Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character to the data buffer.",
    ],
    repair: "The event is the smallest that arrives otherwise: follow it through what writes it.",
    needs: ["publish"],
    deadline: 60_000,
    run: async (subject, context) => {
      const reader = await subject.listen();
      const property = fc.asyncProperty(hostileText(), hostileText(), async (text, name) => {
        context.signal.throwIfAborted();
        // Only what every way to publish can carry: Unicode, and of types what a field of HTTP can.
        const data = wellFormed(text);
        const suffix = wellFormed(name.replaceAll(/[\r\n\0]/g, "")).trim();
        // A type of its own tells the event from what the server says on its own account.
        const type = subject.can("event") ? `${subject.token()}${suffix}` : undefined;
        const published: PublishedEvent = { data, ...(type !== undefined && { event: type }) };
        const expected = data.replaceAll(/\r\n?/g, "\n");
        const { refusal, events } = await exchange(subject, reader, published);
        const own = events.filter((event) => (type === undefined ? event.data === expected : event.type === type));
        if (refusal !== undefined ? own.length === 0 : own.length === 1 && own[0]?.data === expected) return;
        throw new CaseFailure(`${show(data)} was published and arrived otherwise`, {
          expected: `${type ?? "message"} ${show(expected)}, once`,
          actual: showEvents(own.length > 0 ? own : events),
        });
      });
      const { failed, errorInstance } = await fc.check(property, {
        seed: context.seed,
        numRuns: EVENTS,
        interruptAfterTimeLimit: SHRINKING,
      });
      if (!failed) return;
      if (!(errorInstance instanceof CaseFailure)) throw errorInstance;
      const { message, expected, actual } = errorInstance;
      throw new CaseFailure(`${message} (seed ${context.seed}), made as small as it fails`, { expected, actual });
    },
  }),
];

/** As UTF-8 carries it: what is no Unicode is U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
