import { type ClientCase, clientCase } from "../client-case.ts";
import { launchDarkly } from "../client-standard.ts";
import { QUICK_RETRY } from "../tried-client.ts";

const BODY = '{"hello": "wörld"}';
const JSON_TYPE = "application/json; charset=utf-8";

/** What clients can do beyond the standard, as launchdarkly/sse-contract-tests asks for it. */
export const extensionCases: readonly ClientCase[] = [
  clientCase({
    id: "client/extensions/headers",
    rule: "Header fields that the program gives are sent with each request.",
    standard: launchDarkly(
      "custom-headers-capability-headers",
      "any custom headers it specifies in the `headers` property of the client configuration will be copied into the HTTP request(s) made by the client.",
    ),
    level: "PRACTICE",
    repair: "Add the fields to the first request and to each other.",
    needs: ["headers"],
    launchDarkly: ["HTTP behavior/custom headers"],
    async run({ start }) {
      const client = await start({ headers: { "header-name-1": "value-1", "header-name-2": "value-2" } });
      const first = await client.stream();
      for (const { request } of [first, await client.reconnection(first.write(QUICK_RETRY))]) {
        for (const number of [1, 2]) {
          const actual = `${request.headers[`header-name-${number}`]}`;
          client.expect(actual === `value-${number}`, `header-name-${number} is another`, {
            expected: `value-${number}`,
            actual,
          });
        }
      }
    },
  }),
  withBody("POST", "post", [
    "HTTP behavior/POST request",
    "reconnection/resends request body if any when reconnecting",
  ]),
  withBody("REPORT", "report", ["HTTP behavior/REPORT request"]),
  clientCase({
    id: "client/extensions/last-event-id",
    rule: "A last event ID that the program gives is sent with the first request, and counts until the stream sets another.",
    standard: launchDarkly(
      "initial-last-event-id-capability-last-event-id",
      "copied into the `Last-Event-Id` header in the client's initial request, and treated as if it had been received as an `id:` in a previous event.",
    ),
    level: "PRACTICE",
    repair: "Begin with the given last event ID as if a stream had set it.",
    needs: ["last-event-id"],
    launchDarkly: ["HTTP behavior/sends Last-Event-Id in initial request if set"],
    async run({ start }) {
      const client = await start({ lastEventId: "abc" });
      const first = await client.stream();
      for (const { request } of [first, await client.reconnection(first.write(QUICK_RETRY))]) {
        const actual = `${request.headers["last-event-id"]}`;
        client.expect(actual === "abc", "Last-Event-ID is another", { expected: "abc", actual });
      }
    },
  }),
  clientCase({
    id: "client/extensions/restart",
    rule: "A restart leaves the connection for a new one, and events go on.",
    standard: launchDarkly(
      "explicitly-restarting-the-stream-capability-restart",
      'it can send a `"restart"` command and the client will restart the connection (with the same URL as before) as soon as possible.',
    ),
    level: "PRACTICE",
    repair: "Close the connection and connect again at once.",
    needs: ["restart"],
    launchDarkly: ["reconnection/caller can trigger a restart"],
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write("id: 1\ndata: Hello\n\n");
      await client.events({ data: "Hello", id: "1" });
      await client.restart();
      const second = await client.stream();
      await client.until(first.closed, "the end of the first connection");
      second.write("data: Thanks\n\n");
      await client.events({ data: "Thanks", id: "1" });
      const actual = `${second.request.headers["last-event-id"]}`;
      client.expect(actual === "1", "Last-Event-ID is another", { expected: "1", actual });
    },
  }),
  clientCase({
    id: "client/extensions/read-timeout",
    rule: "A connection without a byte for the read time-out is left for a new one, and an error is told.",
    standard: launchDarkly(
      "setting-a-read-timeout-capability-read-timeout",
      "The test harness will expect to see the client drop and retry the connection if the test harness sends no data in that amount of time.",
    ),
    level: "PRACTICE",
    repair: "Treat the time-out as the end of the connection.",
    needs: ["read-timeout"],
    launchDarkly: ["reconnection/can set read timeout"],
    async run({ start }) {
      const client = await start({ readTimeoutMs: 500 });
      const first = await client.stream();
      first.write("data: Hello\n\n");
      await client.events({ data: "Hello" });
      await client.next("error", "an error");
      await client.until(first.closed, "the end of the first connection");
      await client.request("a new request");
    },
  }),
  clientCase({
    id: "client/extensions/bytes-are-life",
    rule: "Any byte begins the read time-out anew, that of a comment too.",
    standard: launchDarkly(
      "setting-a-read-timeout-capability-read-timeout",
      "Receiving any bytes at all should reset the timeout clock; the received data does not have to be a complete SSE event or a complete line of text.",
    ),
    level: "PRACTICE",
    repair: "Begin the time-out anew with each chunk, not with each event.",
    needs: ["read-timeout"],
    async run({ start }) {
      const client = await start({ readTimeoutMs: 1_500 });
      const first = await client.stream();
      first.write("data: Hello\n\n");
      await client.events({ data: "Hello" });
      for (const piece of [":", "a", "b", "c", "d", "e", "f", "g"]) {
        first.write(piece);
        await client.sendsNothingFor(250, "bytes came all the time");
      }
    },
  }),
];

function withBody(method: string, capability: string, asked: readonly string[]): ClientCase {
  return clientCase({
    id: `client/extensions/${capability}`,
    rule: `A ${method} request is sent with its body, again with each reconnection.`,
    standard: launchDarkly(
      `sending-a-${capability}-request-capability-${capability}`,
      "the SSE client will use that method and body.",
    ),
    level: "PRACTICE",
    repair: "Repeat the request as it was made first.",
    needs: [capability, "headers"],
    launchDarkly: asked,
    async run({ start }) {
      const client = await start({ method, body: BODY, headers: { "content-type": JSON_TYPE } });
      const first = await client.stream();
      for (const { request } of [first, await client.reconnection(first.write(QUICK_RETRY))]) {
        const expected = `${method}, ${JSON_TYPE}, ${BODY}`;
        const actual = `${request.method}, ${request.headers["content-type"]}, ${request.body}`;
        client.expect(actual === expected, "The request is another", { expected, actual });
      }
    },
  });
}
