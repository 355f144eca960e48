import { CaseFailure } from "../../case.ts";
import { type ClientCase, type ClientCaseData, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { QUICK_RETRY } from "../tried-client.ts";

/** RULES A18, A32, A35, A36, A39, A42: the last event ID. */
export const lastEventIdCases: readonly ClientCase[] = [
  sentAfter({
    id: "client/last-event-id/is-sent",
    rule: "The last event ID is sent as `Last-Event-ID` when the connection is reestablished.",
    standard: standard.sendId,
    repair: "Send the last event ID with each request, once there is one.",
    launchDarkly: ["reconnection/sends ID of last received event"],
    text: "id: 1\ndata: a\n\nid: abc\ndata: b\n\n",
    sent: "abc",
  }),
  sentAfter({
    id: "client/last-event-id/in-utf-8",
    rule: "The field `Last-Event-ID` is the UTF-8 of the last event ID.",
    standard: standard.sendId,
    repair: "Encode the id as UTF-8 and put each byte into the field; fetch takes Latin-1 text for bytes.",
    wpt: ["format-field-id.any.js"],
    text: "id: …é\ndata: a\n\n",
    sent: "…é",
  }),
  sentAfter({
    id: "client/last-event-id/of-an-earlier-event",
    rule: "The id is sent also if later events had none.",
    standard: standard.lastEventId,
    repair: "Keep the last event ID until a field sets another.",
    launchDarkly: ["reconnection/sends ID of last received event that had an ID if later events did not"],
    text: "id: abc\ndata: a\n\ndata: b\n\n",
    sent: "abc",
  }),
  sentAfter({
    id: "client/last-event-id/none-after-a-reset",
    rule: "After an empty `id` no `Last-Event-ID` is sent, neither the old one nor an empty one.",
    standard: {
      anchor: "event-stream-interpretation",
      quote:
        "which resets the last event ID to the empty string (meaning no `Last-Event-ID` header will now be sent in the event of a reconnection being attempted)",
    },
    repair: "Take the field out of the request where the last event ID is empty.",
    launchDarkly: ["reconnection/does not send ID after an empty ID"],
    text: "id: abc\ndata: a\n\nid\ndata: b\n\n",
    sent: undefined,
  }),
  sentAfter({
    id: "client/last-event-id/of-a-block-without-data",
    rule: "The id of a block without data counts, though no event is dispatched.",
    standard: standard.lastEventId,
    repair: "Set the last event ID at each blank line, before looking at the data.",
    text: "id: abc\n\n",
    sent: "abc",
  }),
  sentAfter({
    id: "client/last-event-id/not-of-an-unfinished-block",
    rule: "The id of a block that no blank line ended does not count.",
    standard: standard.endOfFile,
    repair: "Keep the id in a buffer until the blank line.",
    wpt: ["format-data-before-final-empty-line.any.js"],
    launchDarkly: ["reconnection/discards ID of partial message when retrying"],
    text: "id: abc\ndata: a\n\nid: left\ndata: b\n",
    sent: "abc",
  }),
  sentAfter({
    id: "client/last-event-id/with-nul-is-ignored",
    rule: "An id with U+0000 is ignored, and the one before it kept.",
    standard: standard.idField,
    repair: "Ignore the whole field where its value has a NUL.",
    wpt: ["format-field-id-null.window.js"],
    launchDarkly: ["basic parsing/ID field is ignored if it contains a null"],
    text: "id: abc\ndata: a\n\nid: \0x\ndata: b\n\nid: x\0\ndata: c\n\nid: x\0y\ndata: d\n\n",
    sent: "abc",
  }),
  clientCase({
    id: "client/last-event-id/persists-over-events",
    rule: "An event without id has the last event ID of those before it.",
    standard: standard.lastEventId,
    repair: "Give each event the last event ID string, not the id of its own block.",
    wpt: ["format-field-id-3.window.js"],
    launchDarkly: ["basic parsing/last ID persists if not overridden by later event"],
    async run({ start }) {
      const client = await start();
      (await client.stream()).write("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\ndata: d\n\n");
      const of = (data: string, id: string): { data: string; id: string } => ({ data, id });
      await client.events(of("a", "1"), of("b", "1"), of("c", "2"), of("d", "2"));
    },
  }),
  clientCase({
    id: "client/last-event-id/is-reset",
    rule: "An empty id, with a colon or without, resets the last event ID.",
    standard: standard.idField,
    repair: "Set the buffer to the value also where that is empty.",
    wpt: ["format-field-id-3.window.js"],
    launchDarkly: ["basic parsing/last ID can be overridden by an empty value"],
    async run({ start }) {
      const client = await start();
      (await client.stream()).write("id: 1\ndata: a\n\nid:\ndata: b\n\nid: 2\ndata: c\n\nid\ndata: d\n\ndata: e\n\n");
      await client.events({ data: "a", id: "1" }, { data: "b" }, { data: "c", id: "2" }, { data: "d" }, { data: "e" });
    },
  }),
  clientCase({
    id: "client/last-event-id/nul-in-events",
    rule: "An event whose id has U+0000 has the last event ID of those before it.",
    standard: standard.idField,
    repair: "Ignore the whole field where its value has a NUL.",
    wpt: ["format-field-id-null.window.js"],
    async run({ start }) {
      const client = await start();
      (await client.stream()).write("id: \0\ndata: a\n\nid: 1\ndata: b\n\nid: 2\0\ndata: c\n\n");
      await client.events({ data: "a" }, { data: "b", id: "1" }, { data: "c", id: "1" });
    },
  }),
  clientCase({
    id: "client/last-event-id/survives-quiet-connections",
    rule: "A connection without events leaves the last event ID as it is.",
    standard: standard.sendId,
    repair: "Send the last event ID with each request, not with the first reconnection alone.",
    wpt: ["format-field-id-2.any.js"],
    async run({ start }) {
      const client = await start();
      let exchange = await client.stream();
      exchange.write(`${QUICK_RETRY}id: abc\ndata: a\n\n`);
      await client.events({ data: "a", id: "abc" });
      for (const which of ["first", "second"]) {
        exchange = (await client.reconnection(exchange)).head();
        expectSent(exchange.request.headers["last-event-id"], "abc", ` with the ${which} reconnection`);
      }
    },
  }),
  clientCase({
    id: "client/last-event-id/seeds-the-next-stream",
    rule: "What an event without id has after a reconnection is what the next request sends.",
    standard: {
      anchor: "dispatchMessage",
      quote:
        'If an event doesn\'t have an "id" field, but an earlier event did set the event source\'s last event ID string, then the event\'s lastEventId field will be set to the value of whatever the last seen "id" field was.',
    },
    repair: "Begin each stream with the last event ID of the one before it in its buffer, as browsers do.",
    wpt: ["format-field-id-2.any.js"],
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write(`${QUICK_RETRY}id: abc\ndata: a\n\n`);
      await client.events({ data: "a", id: "abc" });
      const second = (await client.reconnection(first)).head();
      second.write("data: b\n\n");
      const { event } = await client.next("event");
      const { headers } = (await client.reconnection(second)).request;
      expectSent(headers["last-event-id"], event.id || undefined, `, where the event has ${JSON.stringify(event.id)}`);
      if (event.id === "abc") return { verdict: "info", message: "The next stream begins with the last event ID" };
      return { verdict: "nonstrict", message: "The next stream's first event without id clears the last event ID" };
    },
  }),
];

type SentAfter = Omit<ClientCaseData, "run"> & {
  /** A stream that ends. */
  readonly text: string;
  /** What is then sent; `undefined` for no field. */
  readonly sent: string | undefined;
};

function sentAfter({ text, sent, ...data }: SentAfter): ClientCase {
  return clientCase({
    ...data,
    async run({ start }) {
      const client = await start();
      const { headers } = (await client.reconnection((await client.stream()).write(QUICK_RETRY + text))).request;
      expectSent(headers["last-event-id"], sent);
    },
  });
}

/** @param latin1 the field as it came, one character a byte. */
function expectSent(latin1: string | undefined, expected: string | undefined, when = ""): void {
  const bytes = Uint8Array.from(latin1 ?? "", (character) => character.charCodeAt(0));
  const actual = latin1 === undefined ? undefined : new TextDecoder().decode(bytes);
  if (actual === expected) return;
  const shown = (value: string | undefined): string =>
    value === undefined ? "no Last-Event-ID" : JSON.stringify(value);
  throw new CaseFailure(`Another Last-Event-ID was sent${when}`, { expected: shown(expected), actual: shown(actual) });
}
