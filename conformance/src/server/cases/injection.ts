import type { PublishedEvent } from "../publisher.ts";
import { exchange, fail, type ServerCase, serverCase, show, showEvents, unsupported } from "../server-case.ts";
import { type ServerSubject, shorten } from "../server-subject.ts";

const LINES =
  "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character.";

/** Milliseconds that no server would tell. */
const FORGED_RETRY = 86_399_999;

/** What a publisher tries to forge: a whole event, an id and a reconnection time. */
function forgery(lineEnd: string, mark: string): string {
  return ["", `id: ${mark}`, `retry: ${FORGED_RETRY}`, `event: ${mark}`, `data: ${mark}`, "", ""].join(lineEnd);
}

/** Publishes an event that carries a forgery, and looks for anything of it that a reader would take. */
async function expectNoForgery(
  subject: ServerSubject,
  eventWith: (forged: string, mark: string) => PublishedEvent,
  lineEnd: string,
): Promise<void> {
  const reader = await subject.listen();
  const mark = `forged-${subject.token()}`;
  const { events, text } = await exchange(subject, reader, eventWith(forgery(lineEnd, mark), mark));
  const signs = [
    ...events.filter((event) => event.type === mark || event.data === mark).map(() => "an event"),
    ...(events.some((event) => event.lastEventId === mark) || reader.lastEventId === mark ? ["a last event ID"] : []),
    ...(reader.reconnectionTimes.includes(FORGED_RETRY) ? ["a reconnection time"] : []),
  ];
  if (signs.length > 0) {
    fail(`A publisher forged ${signs.join(" and ")}`, {
      expected: "the text refused, or without its line ends, or inside the data",
      actual: `${showEvents(events)}; on the wire: ${shorten(JSON.stringify(text))}`,
    });
  }
}

interface Place {
  readonly slug: string;
  readonly what: string;
  readonly needs: readonly string[];
  readonly event: (forged: string) => PublishedEvent;
}

const PLACES: readonly Place[] = [
  { slug: "data", what: "data", needs: ["publish"], event: (forged) => ({ data: `x${forged}` }) },
  {
    slug: "event",
    what: "a type",
    needs: ["publish", "publish-event"],
    event: (forged) => ({ event: `x${forged}`, data: "x" }),
  },
  { slug: "id", what: "an id", needs: ["publish", "publish-id"], event: (forged) => ({ id: `x${forged}`, data: "x" }) },
];

const LINE_ENDS = [
  ["lf", "\n", "LF"],
  ["cr", "\r", "CR"],
  ["crlf", "\r\n", "CRLF"],
] as const;

function placeCases({ slug, what, needs, event }: Place): ServerCase[] {
  return LINE_ENDS.map(([end, lineEnd, name]) =>
    serverCase({
      id: `injection/${slug}-${end}`,
      level: "INTEGRITY",
      rule: `${name} in ${what} forges nothing.`,
      from: ["parsing-an-event-stream", LINES],
      repair:
        slug === "data"
          ? "Split data at CR, LF and CRLF, and put data: before each line."
          : `Refuse ${what} with CR or LF in it where it is published: else it writes whole events into the stream, or ends it for all.`,
      needs,
      run: (subject) => expectNoForgery(subject, event, lineEnd),
    }),
  );
}

/** What a publisher says can't become more than the event that it is. */
export const injectionCases: readonly ServerCase[] = [
  ...PLACES.flatMap(placeCases),
  serverCase({
    id: "injection/id-nul",
    level: "INTEGRITY",
    rule: "An event whose id has a NUL is refused, or does not leave the reader with the id before it.",
    from: [
      "event-stream-interpretation",
      "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value. Otherwise, ignore the field.",
    ],
    repair: "Refuse such an id, or remove the NUL: readers ignore the whole field, and resume before this event.",
    needs: ["publish", "publish-id"],
    run: async (subject) => {
      const reader = await subject.listen();
      const first = subject.token();
      await subject.publish({ id: `${first}-id`, data: first });
      const { refusal, events, text } = await exchange(subject, reader, {
        id: `a\0${subject.token()}`,
        data: `${first}-nul`,
      });
      if (refusal !== undefined) return undefined;
      const event = events.find(({ data }) => data === `${first}-nul`);
      const before = reader.events.find(({ data }) => data === first)?.lastEventId ?? "";
      if (before === "") return unsupported("the server sends no ids of events");
      if (event !== undefined && event.lastEventId === before) {
        fail("Readers ignore the id", {
          expected: "a refusal, or another id for each event",
          actual: `two events of the id ${show(before)}; on the wire: ${shorten(JSON.stringify(text))}`,
        });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "injection/cursor-in-query",
    level: "INTEGRITY",
    rule: "A cursor in the query, decoded, forges no field of the head and nothing in the stream.",
    from: [
      "rfc9110-5.5",
      "Field values containing CR, LF, or NUL characters are invalid and dangerous, due to the varying ways that implementations might parse and interpret those characters; a recipient of CR, LF, or NUL within a field value MUST either reject the message or replace each of those characters with SP before further processing or forwarding of that message.",
    ],
    repair: "Check a cursor before you echo it, in a field or a comment.",
    needs: ["cursor-query"],
    run: async (subject) => {
      const mark = `forged-${subject.token()}`;
      const queryCursor = `x\r\nX-Forged: ${mark}\r\n\r\nevent: ${mark}\ndata: ${mark}\n\n`;
      const reader = await subject.request({ queryCursor });
      await reader?.until(() => reader.events.length > 0, subject.durations.quiet);
      const isInHead = reader?.head?.fields.some(([name]) => name.toLowerCase() === "x-forged") === true;
      if (isInHead || reader?.events.some(({ type }) => type === mark) === true) {
        fail("A reader's cursor forged a response", {
          expected: "an answer without a trace of it",
          actual: isInHead ? "a field X-Forged in the head" : showEvents(reader?.events ?? []),
        });
      }
    },
  }),
  serverCase({
    id: "injection/cursor-in-header",
    level: "INTEGRITY",
    rule: "A Last-Event-ID that looks like a field forges nothing in the stream.",
    from: "What a reader sends must not become a line of a stream: it may come from a link that someone else made.",
    repair: "Don't echo Last-Event-ID into the stream.",
    run: async (subject) => {
      const mark = `forged-${subject.token()}`;
      // Some servers take percent signs or escapes out of it.
      const reader = await subject.request({
        lastEventId: `x%0a%0aevent: ${mark}%0adata: ${mark}%0a%0a\\n\\ndata: ${mark}\\n\\n`,
      });
      await reader?.until(() => reader.events.length > 0, subject.durations.quiet);
      if (reader?.events.some(({ type, data }) => type === mark || data === mark) === true) {
        fail("A reader's cursor forged an event", { expected: "no such event", actual: showEvents(reader.events) });
      }
    },
  }),
];
