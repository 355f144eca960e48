import type { StreamReader } from "../../http/stream-reader.ts";
import type { PublishedEvent } from "../publisher.ts";
import {
  exchange,
  fail,
  nonstrict,
  type ServerCase,
  serverCase,
  show,
  showEvents,
  unsupported,
} from "../server-case.ts";
import type { ServerSubject } from "../server-subject.ts";

const DATA =
  "Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character to the data buffer.";
const SPACE = "If value starts with a U+0020 SPACE character, remove it from value.";
const LAST_LF =
  "If the data buffer's last character is a U+000A LINE FEED (LF) character, then remove the last character from the data buffer.";
const ENCODING = "Streams must be decoded using the UTF-8 decode algorithm.";
const LINES =
  "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character.";
const TYPE = "Set the event type buffer to the field value.";
const ID = "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value.";

/** Publishes an event and expects it as a reader must get it: its type and its data to the character, once. */
async function expectWhole(
  subject: ServerSubject,
  event: PublishedEvent,
): Promise<ReturnType<typeof nonstrict> | undefined> {
  const reader = await subject.listen();
  // A type of its own tells the event from what the server says on its own account.
  const type = event.event ?? (subject.can("event") ? subject.token() : "message");
  const published = { ...event, ...(type !== "message" && { event: type }) };
  const data = asArrived(event.data);
  const { refusal, events } = await exchange(subject, reader, published);
  if (refusal !== undefined) return nonstrict(`the server refuses to publish it (${refusal.message})`);
  const own = events.filter((arrived) => arrived.type === type && (type !== "message" || arrived.data === data));
  if (own.length === 1 && own[0]?.data === data) return undefined;
  const seen = own.length > 0 ? own : events;
  return fail(explain(own, { type, data, published }), {
    expected: `${type} ${show(data)}, once`,
    actual: showEvents(seen),
  });
}

function explain(
  own: StreamReader["events"],
  { type, data, published }: { type: string; data: string; published: PublishedEvent },
): string {
  const what = `${show(published.data)} was published`;
  if (own.length === 0) return `${what} and no event of the type ${show(type)} arrived`;
  if (own.length > 1) return `${what} and arrived as ${own.length} events`;
  const came = own[0]?.data ?? "";
  const at = [...data].findIndex((_, index) => data[index] !== came[index]);
  return `${what} and arrived otherwise, from character ${at < 0 ? data.length : at} on`;
}

/** Line ends arrive as LF, whatever they were, and what is no Unicode as U+FFFD. */
function asArrived(data: string): string {
  return Buffer.from(data.replaceAll(/\r\n|\r/g, "\n")).toString();
}

function dataCase(
  slug: string,
  data: string,
  init: { rule: string; from: readonly [string, string]; repair: string },
): ServerCase {
  return serverCase({
    id: `fidelity/${slug}`,
    level: "INTEGRITY",
    ...init,
    needs: ["publish"],
    run: (subject) => expectWhole(subject, { data }),
  });
}

/** Every shape of data, type and id that can be published arrives as it was. */
export const fidelityCases: readonly ServerCase[] = [
  dataCase("one-line", "Hello, world", {
    rule: "Data of one line arrives as it was published.",
    from: ["event-stream-interpretation", DATA],
    repair: "Write the data as it is, without quotes, prefix or padding.",
  }),
  dataCase("several-lines", "first\nsecond\n\nfourth", {
    rule: "Data of several lines arrives with all of them.",
    from: ["event-stream-interpretation", DATA],
    repair: "Write one data: line for each line of the data, also for empty ones.",
  }),
  dataCase("cr-and-crlf", "first\r\nsecond\rthird", {
    rule: "CR and CRLF in data arrive as line ends, and nothing after them is lost.",
    from: ["parsing-an-event-stream", LINES],
    repair: "Split data at CR, LF and CRLF: a CR that stays in the line ends it for the reader.",
  }),
  dataCase("trailing-newline", "text\n", {
    rule: "A newline at the end of data arrives.",
    from: ["dispatchMessage", LAST_LF],
    repair: "Write an empty data: line after it: the reader removes exactly one newline.",
  }),
  dataCase("several-trailing-newlines", "\n\ntext\n\n\n", {
    rule: "Newlines at both ends of data arrive, all of them.",
    from: ["dispatchMessage", LAST_LF],
    repair: "Don't trim data, and write a data: line for each of its lines.",
  }),
  dataCase("only-newlines", "\n\n", {
    rule: "Data of newlines alone arrives.",
    from: ["dispatchMessage", LAST_LF],
    repair: "Write three empty data: lines for two newlines.",
  }),
  dataCase("empty", "", {
    rule: "Empty data arrives as an event with empty data.",
    from: [
      "dispatchMessage",
      "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and return.",
    ],
    repair: "Write an empty data: line; without one the reader dispatches nothing.",
  }),
  dataCase("leading-space", "  two spaces", {
    rule: "Spaces at the start of data arrive.",
    from: ["event-stream-interpretation", SPACE],
    repair: "Always write a space after the colon: the reader removes one.",
  }),
  dataCase("leading-space-of-every-line", "{\n  indented\n \tmore\n}", {
    rule: "Spaces at the start of each line of data arrive.",
    from: ["event-stream-interpretation", SPACE],
    repair: "Write a space after the colon of every data: line, not of the first alone.",
  }),
  dataCase("trailing-space", "text \t ", {
    rule: "Spaces and tabs at the end of data arrive.",
    from: ["event-stream-interpretation", DATA],
    repair: "Don't trim data.",
  }),
  dataCase("colons", ": not a comment\ndata: not a field\nid: 7\nevent: x", {
    rule: "Data that looks like fields and comments arrives as data.",
    from: ["event-stream-interpretation", DATA],
    repair: "Put data: before every line of the data.",
  }),
  dataCase("unicode", "\u00e9 \u20ac \u{1f600} \u05d0 e\u0301", {
    rule: "Characters beyond ASCII arrive.",
    from: ["event-stream-interpretation", ENCODING],
    repair: "Encode as UTF-8 and never cut a character: count bytes, not characters.",
  }),
  dataCase("line-separators-of-unicode", "a\u2028b\u2029c\u0085d\vd\fe", {
    rule: "Characters that other texts take for line ends stay in the data.",
    from: ["parsing-an-event-stream", LINES],
    repair: "Split at CR and LF alone: splitlines() and its like cut at U+2028, U+0085, VT and FF too.",
  }),
  dataCase("byte-order-mark", "\ufefftext", {
    rule: "A U+FEFF at the start of data arrives.",
    from: ["event-stream-interpretation", ENCODING],
    repair: "Decode what publishers send without removing a byte order mark from inside it.",
  }),
  dataCase("nul", "a\0b", {
    rule: "A NUL in data arrives.",
    from: ["event-stream-interpretation", DATA],
    repair: "Treat data as text with a length, not as a string that ends at NUL.",
  }),
  dataCase("json-text", '{"a":"b\\"c","d":[1,null]}', {
    rule: "JSON text arrives as the same text.",
    from: ["event-stream-interpretation", DATA],
    repair: "Don't parse and serialise what is already text.",
  }),
  dataCase("json-looking-scalars", '"quoted"', {
    rule: "Text that happens to be a JSON string arrives with its quotes.",
    from: ["event-stream-interpretation", DATA],
    repair: "Don't guess that data is JSON.",
  }),
  dataCase("form-characters", "a+b&c=d%20e%zz", {
    rule: "Characters that forms and URLs encode arrive.",
    from: ["event-stream-interpretation", DATA],
    repair: "Decode what publishers send once, not twice and not never.",
  }),
  dataCase("markup", "<b>&amp;\"'</b>", {
    rule: "Characters that HTML escapes arrive.",
    from: ["event-stream-interpretation", DATA],
    repair: "Don't escape data: an event stream is no HTML.",
  }),
  dataCase("large-line", "0123456789abcdef".repeat(16_384), {
    rule: "A line of 256 KiB arrives whole.",
    from: ["event-stream-interpretation", DATA],
    repair: "Write all of an event, waiting for drain; never cut it at the size of a buffer.",
  }),
  dataCase("many-lines", Array.from({ length: 5_000 }, (_, n) => `line ${n}`).join("\n"), {
    rule: "Data of 5,000 lines arrives whole.",
    from: ["event-stream-interpretation", DATA],
    repair: "Write all lines of an event before its blank line.",
  }),
  dataCase("characters-at-buffer-ends", `x${"\u20ac\u{1f600}".repeat(20_000)}`, {
    rule: "Characters of several bytes arrive whole, wherever a buffer ends.",
    from: ["event-stream-interpretation", ENCODING],
    repair:
      'Decode bytes by a decoder that keeps a character\'s first bytes until the rest comes, the body of what publishes too: in Node.js setEncoding("utf8").',
  }),
  serverCase({
    id: "fidelity/type",
    level: "INTEGRITY",
    rule: "The type arrives to the character.",
    from: ["event-stream-interpretation", TYPE],
    repair: "Write the type as it is: readers compare it with the listener's, letter by letter.",
    needs: ["publish", "publish-event"],
    run: (subject) => expectWhole(subject, { event: `Price.Changed:${subject.token()} \u00e9`, data: "x" }),
  }),
  serverCase({
    id: "fidelity/type-of-data-without-content",
    level: "INTEGRITY",
    rule: "An event with a type and empty data arrives.",
    from: [
      "dispatchMessage",
      "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and return.",
    ],
    repair: "Write an empty data: line: a type alone is no event.",
    needs: ["publish", "publish-event"],
    run: (subject) => expectWhole(subject, { event: subject.token(), data: "" }),
  }),
  serverCase({
    id: "fidelity/type-does-not-stay",
    level: "INTEGRITY",
    rule: "An event without a type is a message, whatever came before it.",
    from: ["dispatchMessage", "Set the data buffer and the event type buffer to the empty string."],
    repair: "Keep no type from the last event, and write the blank line between them.",
    needs: ["publish", "publish-event"],
    run: async (subject) => {
      const reader = await subject.listen();
      await subject.publish({ event: subject.token(), data: subject.token() });
      const data = subject.token();
      await subject.publish({ data });
      const event = await subject.arrival(reader, data);
      if (event?.type !== "message") {
        fail("The event has a type", {
          expected: `message ${show(data)}`,
          actual: event ? showEvents([event]) : "no event",
        });
      }
    },
  }),
  serverCase({
    id: "fidelity/data-does-not-stay",
    level: "INTEGRITY",
    rule: "Each event has its own data alone, when several are published one upon the other.",
    from: ["dispatchMessage", "Set the data buffer and the event type buffer to the empty string."],
    repair: "End every event with a blank line.",
    needs: ["publish"],
    run: async (subject) => {
      const reader = await subject.listen();
      const all = [subject.token(), subject.token(), subject.token()];
      await Promise.all(all.map((data) => subject.publish({ data })));
      await subject.settle(reader);
      const mixed = reader.events.find(({ data }) => !all.includes(data) && all.some((one) => data.includes(one)));
      if (mixed !== undefined) {
        fail("Events arrive as one", { expected: all.map(show).join(", "), actual: showEvents([mixed]) });
      }
    },
  }),
  serverCase({
    id: "fidelity/id",
    level: "INTEGRITY",
    rule: "The id arrives as it was published, or as one of the server's own that no other event has.",
    from: ["event-stream-interpretation", ID],
    repair: "Write the publisher's id to the character, or give every event an id of its own.",
    needs: ["publish", "publish-id"],
    run: async (subject) => {
      const reader = await subject.listen();
      const before = reader.pieces.length;
      const published = [1, 2, 3].map((n) => ({ id: `${subject.token()}:${n} x`, data: subject.token() }));
      for (const event of published) {
        try {
          await subject.publish(event);
        } catch (error) {
          return nonstrict(`the server refuses the id ${show(event.id)} (${(error as Error).message})`);
        }
      }
      await subject.settle(reader);
      if (!hasIds(reader, before)) return unsupported("the server sends no ids of events");
      const ids = published.map(({ data }) => reader.events.find((event) => event.data === data)?.lastEventId);
      if (new Set(ids).size < ids.length) {
        return fail("The ids are neither the publisher's nor unique", {
          expected: `${published.map(({ id }) => show(id)).join(", ")}, or others that differ`,
          actual: ids.map(show).join(", "),
        });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "fidelity/ids-are-unique",
    level: "INTEGRITY",
    rule: "Events that were published without an id have ids of their own, or none.",
    from: [
      "dispatchMessage",
      "Set the last event ID string of the event source to the value of the last event ID buffer.",
    ],
    repair:
      "Count on for every event, and begin with something new after a restart: two events of one id can't both be resumed from.",
    needs: ["publish"],
    run: async (subject) => {
      const reader = await subject.listen();
      const before = reader.pieces.length;
      const data = Array.from({ length: 10 }, () => subject.token());
      for (const one of data) await subject.publish({ data: one });
      await subject.settle(reader);
      const ids = data.map((one) => reader.events.find((event) => event.data === one)?.lastEventId ?? "");
      if (!hasIds(reader, before)) return unsupported("the server gives these events no ids");
      if (new Set(ids).size < ids.length) {
        fail("Several events have one id", { expected: "10 ids", actual: show(ids) });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "fidelity/retry",
    level: "INFO",
    rule: "A reconnection time that is published with an event arrives.",
    from: [
      "event-stream-interpretation",
      "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten, and set the event stream's reconnection time to that integer.",
    ],
    repair: "Write retry: and the number as digits.",
    needs: ["publish", "publish-retry"],
    run: async (subject) => {
      const reader = await subject.listen();
      await exchange(subject, reader, { data: subject.token(), retry: 54_321 });
      return reader.reconnectionTimes.includes(54_321)
        ? undefined
        : { verdict: "info", message: `readers are told ${show(reader.reconnectionTimes)}` };
    },
  }),
];

/** Whether there is an id field in what came since. */
function hasIds(reader: StreamReader, since: number): boolean {
  return /^id(?::|$)/m.test(Buffer.concat(reader.pieces.slice(since)).toString());
}
