import { counted } from "../../counted.ts";
import { type Field, joinedValueOf } from "../../http/request.ts";
import { fail, type ProxyCase, proxyCase } from "../proxy-case.ts";
import type { ProxySubject } from "../proxy-subject.ts";

const UNCHANGED =
  "A proxy MUST forward unrecognized header fields unless the field name is listed in the Connection header field (Section 7.6.1) or the proxy is specifically configured to block, or otherwise transform, such fields.";

/** A field that a reader gets, of a stream with these fields: a whole one, which a proxy that holds back passes on too. */
async function fieldThrough(
  subject: ProxySubject,
  name: string,
  fields: readonly Field[],
): Promise<string | undefined> {
  const { origin, reader } = await subject.ask();
  origin.head(200, fields);
  origin.write("data: x\n\n");
  origin.end();
  await reader.untilEnded(subject.durations.within);
  if (reader.head !== undefined) return joinedValueOf(reader.head, name.toLowerCase());
  fail("No answer arrives", { expected: `the head, within ${subject.durations.within} ms`, actual: "nothing" });
}

/** Expects a field of the origin's response at the reader, as it was. */
async function expectField(subject: ProxySubject, field: Field): Promise<void> {
  const [name, value] = field;
  const came = await fieldThrough(subject, name, [field]);
  if (came !== value) fail(`${name} is changed`, { expected: value, actual: came ?? "none" });
}

/** The heads of requests and responses. */
export const headCases: readonly ProxyCase[] = [
  proxyCase({
    id: "attach/smoke",
    level: "MUST",
    rule: "An event stream comes through.",
    from: [
      "dom-eventsource",
      "Otherwise, if res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail the connection.",
    ],
    repair: "Point the proxy's backend at the port that --origin-port names, on 127.0.0.1.",
    run: async (subject) => {
      const { origin, reader } = await subject.ask();
      origin.head();
      origin.write("data: through\n\n");
      origin.end();
      await reader.untilEnded(subject.durations.within);
      const type = (reader.head && joinedValueOf(reader.head, "content-type")) ?? "none";
      if (reader.head?.status !== 200 || reader.events[0]?.data !== "through") {
        fail("No event stream arrives", {
          expected: "200 and the event",
          actual: `${reader.head?.status ?? "no answer"}, Content-Type ${type}, ${counted(reader.events.length, "event")}`,
        });
      }
    },
  }),
  proxyCase({
    id: "head/content-type",
    level: "MUST",
    rule: "Content-Type comes through as it was sent.",
    from: ["rfc9110-5.1", UNCHANGED],
    repair: "Let the proxy leave Content-Type alone; an EventSource gives up at any other type.",
    run: (subject) => expectField(subject, ["Content-Type", "text/event-stream"]),
  }),
  proxyCase({
    id: "head/cache-control",
    level: "PRACTICE",
    rule: "Cache-Control comes through as it was sent.",
    from: [
      "rfc9111-5.2",
      "A proxy, whether or not it implements a cache, MUST pass cache directives through in forwarded messages, regardless of their significance to that application, since the directives might apply to all recipients along the request/response chain.",
    ],
    repair: "Remove rules that set or drop Cache-Control for this location.",
    run: (subject) => expectField(subject, ["Cache-Control", "no-cache, no-store"]),
  }),
  proxyCase({
    id: "head/other-fields",
    level: "MUST",
    rule: "Fields that the proxy does not know come through.",
    from: ["rfc9110-5.1", UNCHANGED],
    repair: "Remove rules that drop fields of the response.",
    run: (subject) => expectField(subject, ["X-Ssekit-Test", "kept as it is"]),
  }),
  proxyCase({
    id: "head/hop-by-hop",
    level: "MUST",
    rule: "What the server says of its own connection stays behind the proxy.",
    from: [
      "rfc9110-7.6.1",
      "Intermediaries MUST parse a received Connection header field before a message is forwarded and, for each connection-option in this field, remove any header or trailer field(s) from the message with the same name as the connection-option, and then remove the Connection header field itself (or replace it with the intermediary's own control options for the forwarded message).",
    ],
    repair: "Use a proxy that removes Connection and Keep-Alive; over HTTP/2 such a response is malformed.",
    run: async (subject) => {
      const came = await fieldThrough(subject, "keep-alive", [
        ["Keep-Alive", "timeout=77"],
        ["Connection", "keep-alive"],
      ]);
      if (came?.includes("77"))
        fail("Keep-Alive is passed on", { expected: "no Keep-Alive of the server", actual: came });
    },
  }),
  proxyCase({
    id: "head/prompt",
    level: "PRACTICE",
    rule: "The head comes through before there is a byte of the body.",
    from: ["dom-eventsource", "Otherwise, announce the connection and interpret res's body line by line."],
    repair: "Turn response buffering off; or send a comment with the head.",
    run: async (subject) => {
      const through = await subject.ask();
      through.origin.head();
      await subject.comes(through, () => through.reader.head !== undefined, "the head");
    },
  }),
  proxyCase({
    id: "head/no-content-length",
    level: "PRACTICE",
    rule: "No Content-Length is added to a stream.",
    from: "Only what was held back whole can be counted, and a reader stops at the length that it was told.",
    repair: "Turn response buffering off: only what was buffered whole can be counted.",
    run: async (subject) => {
      const { origin, reader } = await subject.ask();
      origin.head();
      origin.write("data: x\n\n");
      origin.end();
      await reader.untilEnded(subject.durations.within);
      const length = reader.head && joinedValueOf(reader.head, "content-length");
      if (length !== undefined) fail("The stream was counted", { expected: "no Content-Length", actual: length });
    },
  }),
  proxyCase({
    id: "head/other-statuses",
    level: "MUST",
    rule: "Statuses such as 204, 404 and 503 come through as they are.",
    from: [
      "server-sent-events-intro",
      "Clients will reconnect if the connection is closed; a client can be told to stop reconnecting using the HTTP 204 No Content response code.",
    ],
    repair:
      "Remove error pages and retries for this location: 204 tells readers to stop, and each other status means something too.",
    run: async (subject) => {
      for (const status of [204, 404, 503]) {
        const { origin, reader } = await subject.ask();
        origin.answer(status, status === 204 ? "" : "no stream");
        await reader.until(() => reader.head, subject.durations.within);
        if (reader.head?.status !== status) {
          fail("A status is changed", { expected: `${status}`, actual: `${reader.head?.status ?? "no answer"}` });
        }
      }
    },
  }),
  proxyCase({
    id: "head/head-request",
    level: "MUST",
    rule: "HEAD comes through, without a body.",
    from: [
      "rfc9110-9.3.2",
      "The HEAD method is identical to GET except that the server MUST NOT send content in the response.",
    ],
    repair: "Pass HEAD on as HEAD.",
    run: async (subject) => {
      const { origin, reader } = await subject.ask({ method: "HEAD" });
      if (origin.method !== "HEAD") fail("HEAD became another method", { expected: "HEAD", actual: origin.method });
      origin.head();
      origin.end();
      await reader.until(() => reader.head, subject.durations.within);
      if (reader.head?.status !== 200) {
        fail("HEAD has another answer", { expected: "200", actual: `${reader.head?.status ?? "none"}` });
      }
    },
  }),
  proxyCase({
    id: "request/last-event-id",
    level: "INTEGRITY",
    rule: "Last-Event-ID reaches the server byte for byte.",
    from: [
      "reestablish-the-connection",
      "Let lastEventIDValue be the EventSource object's last event ID string, encoded as UTF-8. Set (`Last-Event-ID`, lastEventIDValue) in request's header list.",
    ],
    repair: "Remove rules that drop request fields; and give ids of visible ASCII alone, which every proxy passes.",
    run: async (subject) => {
      for (const lastEventId of ["#e-42:x y", "\u00e9\u20ac"]) {
        const { origin, reader } = await subject.ask({ lastEventId });
        origin.answer(204);
        const came = origin.field("last-event-id");
        const text = came === undefined ? "none" : Buffer.from(came, "latin1").toString();
        if (text !== lastEventId) fail("The cursor is changed", { expected: lastEventId, actual: text });
        reader.leave();
      }
    },
  }),
  proxyCase({
    id: "request/accept",
    level: "PRACTICE",
    rule: "Accept reaches the server.",
    from: ["rfc9110-5.1", UNCHANGED],
    repair: "Remove rules that set or drop Accept: a server that negotiates answers 406 without it.",
    run: async (subject) => {
      const { origin } = await subject.ask();
      origin.answer(204);
      const came = origin.field("accept") ?? "none";
      if (came !== "text/event-stream") fail("Accept is changed", { expected: "text/event-stream", actual: came });
    },
  }),
  proxyCase({
    id: "request/post",
    level: "INTEGRITY",
    rule: "A POST reaches the server with its body, and its answer streams.",
    from: [
      "rfc9110-9.3.3",
      "The POST method requests that the target resource process the representation enclosed in the request according to the resource's own specific semantics.",
    ],
    repair: "Allow POST for this location, and turn response buffering off for it too.",
    run: async (subject) => {
      const body = JSON.stringify({ prompt: "é".repeat(100) });
      const through = await subject.ask({ method: "POST", body, fields: [["Content-Type", "application/json"]] });
      const whole = Buffer.from(body).toString("latin1");
      const until = performance.now() + subject.durations.within;
      while (!through.origin.body.includes(whole) && performance.now() < until) await turn();
      if (!through.origin.body.includes(whole)) {
        fail("The body does not arrive", { expected: body, actual: through.origin.body });
      }
      through.origin.head();
      await subject.pass(through, "one");
      await subject.pass(through, "two");
    },
  }),
  proxyCase({
    id: "request/post-is-not-repeated",
    level: "MUST",
    rule: "A POST that broke off is not sent a second time.",
    from: ["rfc9110-9.2.2", "A proxy MUST NOT automatically retry non-idempotent requests."],
    repair: "Turn retries off for POST (nginx: no non_idempotent in proxy_next_upstream).",
    run: async (subject) => {
      const { origin, reader, token } = await subject.ask({ method: "POST", body: "{}" });
      origin.breakOff();
      await reader.until(() => reader.head, subject.durations.within);
      const requests = subject.origin.requestsOf(token).length;
      if (requests > 1) fail("The proxy sent the POST again", { expected: "1 request", actual: `${requests}` });
    },
  }),
];

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
