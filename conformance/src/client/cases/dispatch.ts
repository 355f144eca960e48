import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { streamCase } from "./stream-case.ts";

/** RULES A22, A26, A31, A37 to A41: events. */
export const dispatchCases: readonly ClientCase[] = [
  clientCase({
    id: "client/dispatch/at-the-blank-line",
    rule: "An event is dispatched when its blank line has come, though nothing follows.",
    standard: standard.blankLine,
    repair: "Dispatch at the blank line, not at the next event or at the end.",
    async run({ start }) {
      const client = await start();
      const exchange = await client.stream();
      for (const data of ["a", "b"]) {
        exchange.write(`data: ${data}\n\n`);
        await client.events({ data });
      }
    },
  }),
  streamCase({
    id: "client/dispatch/type",
    rule: "A block with an `event` field is an event of that type, any type.",
    standard: standard.eventType,
    repair: "Give the event the type of the buffer; open and error are types like others.",
    wpt: ["format-field-event.any.js"],
    launchDarkly: ["basic parsing/event with specific type"],
    types: ["test", "open", "error", "constructor"],
    chunks: [
      "event: test\ndata: a\n\nevent: open\ndata: b\n\nevent: error\ndata: c\n\nevent: constructor\ndata: d\n\n",
    ],
    events: [
      { type: "test", data: "a" },
      { type: "open", data: "b" },
      { type: "error", data: "c" },
      { type: "constructor", data: "d" },
    ],
  }),
  streamCase({
    id: "client/dispatch/empty-type",
    rule: "An `event` field without value makes the event a message again; the last field counts.",
    standard: standard.eventField,
    repair: "Set the buffer to the value also where that is empty.",
    wpt: ["format-field-event-empty.any.js"],
    types: ["x", "y"],
    chunks: ["event: x\nevent: \ndata: a\n\nevent: x\nevent\ndata: b\n\nevent: x\nevent: y\ndata: c\n\n"],
    events: [{ data: "a" }, { data: "b" }, { type: "y", data: "c" }],
  }),
  streamCase({
    id: "client/dispatch/type-is-cleared",
    rule: "The type is that of one block alone.",
    standard: standard.clearing,
    repair: "Clear the type buffer after each dispatch.",
    wpt: ["format-field-event.any.js"],
    types: ["x"],
    chunks: ["event: x\ndata: a\n\ndata: b\n\n"],
    events: [{ type: "x", data: "a" }, { data: "b" }],
  }),
  streamCase({
    id: "client/dispatch/no-data-no-event",
    rule: "A block without data gives no event, and its type is forgotten.",
    standard: standard.emptyData,
    repair: "Dispatch nothing where there was no data line, but clear the type.",
    wpt: ["event-data.any.js"],
    types: ["x"],
    chunks: ["event: x\n\n: note\n\n\n\ndata: a\n\n"],
    events: [{ data: "a" }],
  }),
  clientCase({
    id: "client/dispatch/not-at-the-end",
    rule: "What no blank line has ended at the end of the stream is no event.",
    standard: standard.endOfFile,
    repair: "Discard what is pending when the body ends.",
    wpt: ["format-data-before-final-empty-line.any.js", "format-field-data.any.js"],
    launchDarkly: ["reconnection/discards partial message when retrying"],
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write("retry: 50\n\ndata: a\n\ndata: left\n");
      const second = (await client.reconnection(first)).head();
      second.write("data: b\n\ndata: left");
      (await client.reconnection(second)).head().write("data: c\n\n");
      await client.events({ data: "a" }, { data: "b" }, { data: "c" });
    },
  }),
  streamCase({
    id: "client/dispatch/many-in-one-chunk",
    rule: "Events come each and in order, many in one chunk too.",
    standard: standard.order,
    repair: "Go on with the rest of the chunk after an event.",
    launchDarkly: [
      "basic parsing/two one-line messages in one chunk",
      "basic parsing/many messages in rapid succession",
    ],
    chunks: [Array.from({ length: 100 }, (_, index) => `data: message ${index}\n\n`).join("")],
    events: Array.from({ length: 100 }, (_, index) => ({ data: `message ${index}` })),
  }),
  streamCase({
    id: "client/dispatch/over-chunks",
    rule: "An event is whole wherever it is cut.",
    standard: standard.blankLine,
    repair: "Keep what is not a whole line yet for the next chunk.",
    launchDarkly: [
      "basic parsing/one-line message in two chunks",
      "basic parsing/two messages spanning 3 chunks with shared chunk",
    ],
    chunks: ["data: Hel", "lo\n\ndata: W", "orld\n", "\n"],
    pieces: 5,
    events: [{ data: "Hello" }, { data: "World" }],
  }),
  ...[1, 2].map((chunks) =>
    streamCase({
      id: `client/dispatch/large@chunks=${chunks}`,
      rule: "An event of 5 MiB comes whole.",
      standard: standard.blankLine,
      repair: "Don't bound what an event may hold, unless the program asked for it; don't scan again what was scanned.",
      launchDarkly: [`basic parsing/large message in ${chunks === 1 ? "one chunk" : "two chunks"}`],
      chunks: chunks === 1 ? [`data: ${large()}\n\n`] : [`data: ${large().slice(0, 1e6)}`, `${large().slice(1e6)}\n\n`],
      events: [{ data: large() }],
      // It is reported as well, which takes its time too.
      patience: 4,
      alone: true,
    }),
  ),
  clientCase({
    id: "client/dispatch/event-object",
    rule: "Events are MessageEvents that neither bubble nor can be cancelled, at the EventSource; open and error are plain Events.",
    standard: standard.origin,
    repair:
      'Dispatch `new MessageEvent(type, { data, origin, lastEventId })`, and `new Event("open")` without members of its own.',
    needs: ["event-source"],
    wpt: ["eventsource-onopen.any.js", "eventsource-onmessage.any.js"],
    async run({ start, subject }) {
      const client = await start();
      const first = await client.stream();
      const plain = { interface: "Event", bubbles: false, cancelable: false, hasData: false, atSource: true };
      const message = { ...plain, interface: "MessageEvent", hasData: true, origin: subject.server.origin };
      first.write("retry: 50\n\ndata: a\n\n");
      client.expectObject(await client.next("open"), plain);
      client.expectObject(await client.next("event"), message);
      first.end();
      const { interface: _, ...alike } = plain;
      const error = await client.next("error");
      client.expectObject(error, alike);
      if (error.object?.interface === "Event") return undefined;
      return { verdict: "nonstrict", message: `The event error is of another kind: ${error.object?.interface}` };
    },
  }),
  clientCase({
    id: "client/dispatch/handler-attributes",
    rule: "The handlers onopen, onmessage and onerror are called with the events of their types.",
    standard: standard.handlers,
    repair: "Register the handler as a listener of its type.",
    needs: ["event-source"],
    wpt: [
      "eventsource-onmessage.any.js",
      "eventsource-onopen.any.js",
      "dedicated-worker/eventsource-onmessage.htm",
      "shared-worker/eventsource-onmessage.htm",
    ],
    async run({ start }) {
      const client = await start({ handlers: true });
      const first = await client.stream();
      first.write("retry: 50\n\ndata: a\n\n");
      await client.next("open", "open at onopen");
      await client.next("event", "an event at onmessage");
      first.end();
      await client.next("error", "error at onerror");
    },
  }),
  clientCase({
    id: "client/dispatch/named-is-no-message",
    rule: "An event of another type comes to its listeners alone, not to onmessage.",
    standard: standard.eventType,
    repair: "Call onmessage for the type message alone.",
    needs: ["event-source"],
    wpt: ["format-field-event.any.js"],
    async run({ start }) {
      const client = await start({ handlers: true });
      await client.listen("named");
      (await client.stream()).write("event: named\ndata: a\n\nevent: other\ndata: b\n\ndata: c\n\n");
      await client.events({ type: "named", data: "a" }, { data: "c" });
    },
  }),
  clientCase({
    id: "client/dispatch/listener-objects",
    rule: "A listener may be an object with handleEvent.",
    standard: standard.idl,
    repair: "Leave listeners to EventTarget.",
    needs: ["event-source"],
    wpt: [
      "eventsource-eventtarget.any.js",
      "dedicated-worker/eventsource-eventtarget.worker.js",
      "shared-worker/eventsource-eventtarget.htm",
    ],
    async run({ start }) {
      const client = await start({ objectListeners: true });
      (await client.stream()).write("data: a\n\n");
      await client.events({ data: "a" });
    },
  }),
];

/** Text of 5 MiB whose every part is another. */
function large(): string {
  const part = "0123456789abcdefghijklmnopqrstuvwxyz".repeat(28);
  return Array.from({ length: 5 * 1024 }, (_, index) => `${index} ${part}`.slice(0, 1024)).join("");
}
