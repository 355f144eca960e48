import { type ClientCase, type ClientTrial, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import type { Exchange } from "../exchange.ts";
import { QUICK_RETRY } from "../tried-client.ts";

/** RULES A8 to A12, A20, A21: which responses are streams, and what is announced. */
export const responseCases: readonly ClientCase[] = [
  ...["205 Reset Content", "206 Partial Content", "210 Nonstandard", "299 Nonstandard"].map((status) =>
    finalStatus(status),
  ),
  ...["400 Bad Request", "401 Unauthorized", "404 Not Found", "410 Gone"].map((status) => finalStatus(status)),
  ...["500 Internal Server Error", "503 Service Unavailable"].map((status) => finalStatus(status)),
  clientCase({
    id: "client/response/status-204-is-final",
    rule: "Status 204 ends it for good: this is how a server says that there is nothing any more.",
    standard: standard.noReconnection,
    repair: "Fail the connection at each status but 200, 204 too.",
    needs: ["server-directed-shutdown-request"],
    wpt: ["request-status-error.window.js", "eventsource-close.window.js"],
    launchDarkly: ["HTTP behavior/client should stop when 204 is received"],
    run: (trial) => isFinal(trial, (exchange) => exchange.respond("204 No Content")),
  }),
  notAStream("mime-bogus", "x bogus", ["format-mime-bogus.any.js"]),
  notAStream("mime-other", "text/x-bogus", ["format-mime-valid-bogus.any.js"]),
  notAStream("mime-longer", "text/event-streamx"),
  notAStream("mime-missing", null),
  stream("mime-trailing-semicolon", "text/event-stream;", ["format-mime-trailing-semicolon.any.js"]),
  stream("mime-upper-case", "TEXT/Event-Stream"),
  stream("mime-parameters", 'text/event-stream; charset="utf-8"; x=y'),
  clientCase({
    id: "client/response/close-delimited",
    rule: "A body without chunks, whose end is the end of the connection, is read like any other.",
    standard: standard.announceThenInterpret,
    repair: "Leave the framing of the body to an HTTP client that knows each kind.",
    async run({ start }) {
      const client = await start();
      const first = await client.stream({ framing: "close" });
      first.write(`${QUICK_RETRY}data: a\n\n`);
      await client.events({ data: "a" });
      (await client.reconnection(first)).head().write("data: b\n\n");
      await client.events({ data: "b" });
    },
  }),
  clientCase({
    id: "client/response/open-at-the-head",
    rule: "The event open is fired when the head has come, before any byte of the body.",
    standard: standard.announce,
    repair: "Announce the connection when the response's head is there; don't wait for its first chunk.",
    needs: ["open-events"],
    wpt: [
      "eventsource-onopen.any.js",
      "dedicated-worker/eventsource-onopen.htm",
      "shared-worker/eventsource-onopen.htm",
    ],
    async run({ start }) {
      const client = await start();
      await client.stream();
      client.expectReadyState(await client.next("open", "open, before the first byte of the body"), 1);
    },
  }),
  clientCase({
    id: "client/response/open-before-events",
    rule: "The event open is fired once for each connection, before the first event of it, even if both came in one packet.",
    standard: standard.announceThenInterpret,
    repair: "Queue the task that fires open before those of the events.",
    needs: ["open-events"],
    async run({ start }) {
      const client = await start();
      (await client.stream()).write("data: a\n\ndata: b\n\n");
      await client.events({ data: "a" }, { data: "b" });
      const actual = client.messages.map(({ kind }) => kind).join(", ");
      client.expect(actual === "open, event, event", "The order is another", {
        expected: "open, event, event",
        actual,
      });
    },
  }),
  clientCase({
    id: "client/response/one-error-at-a-failure",
    rule: "A response that is no stream fires one error, and the end of its body none.",
    standard: standard.fail,
    repair: "Do nothing any more once the connection has failed.",
    needs: ["ready-state"],
    async run({ start }) {
      const client = await start();
      const answer = (await client.request()).head({ status: "404 Not Found" });
      answer.write("data: not an event\n\n");
      client.expectReadyState(await client.next("error"), 2);
      answer.end();
      await client.staysQuiet("after the end of a response that is no stream");
    },
  }),
];

/** A status at the first attempt, and at a later one. */
function finalStatus(status: string): ClientCase {
  const code = status.slice(0, 3);
  return clientCase({
    id: `client/response/status-other-than-200-is-final@status=${code}`,
    rule: "Each status but 200 is final.",
    standard: standard.failure,
    repair: "Fail the connection when the status is not 200: readyState 2, one error event, no further attempt.",
    ...(["205", "210", "299", "404", "410", "503"].includes(code) && { wpt: ["request-status-error.window.js"] }),
    run: (trial) => isFinal(trial, (exchange) => exchange.head({ status }).write("data: no event\n\n").end()),
  });
}

function notAStream(slug: string, contentType: string | null, wpt: readonly string[] = []): ClientCase {
  return clientCase({
    id: `client/response/${slug}`,
    rule: `A response with ${contentType === null ? "no Content-Type" : `the Content-Type ${contentType}`} is no event stream, and final.`,
    standard: standard.failure,
    repair: "Compare the essence of the MIME type, whole and without regard to case, with text/event-stream.",
    ...(wpt.length > 0 && { wpt }),
    run: (trial) => isFinal(trial, (exchange) => exchange.head({ contentType }).write("data: no event\n\n").end()),
  });
}

function stream(slug: string, contentType: string, wpt: readonly string[] = []): ClientCase {
  return clientCase({
    id: `client/response/${slug}`,
    rule: `A response with the Content-Type ${contentType} is an event stream.`,
    standard: standard.failure,
    repair: "Compare the essence of the MIME type alone, without regard to case; parameters are ignored.",
    ...(wpt.length > 0 && { wpt }),
    async run({ start }) {
      const client = await start();
      (await client.stream({ contentType })).write("data: a\n\n");
      await client.events({ data: "a" });
    },
  });
}

/** The answer is final when it comes first, as far as one can see that at once, and when it comes to a reconnection. */
async function isFinal({ start, subject }: ClientTrial, answer: (exchange: Exchange) => void): Promise<void> {
  if (subject.capabilities.has("ready-state")) {
    const client = await start();
    const stop = client.answerEach(answer);
    client.expectReadyState(await client.next("error", "an error"), 2);
    stop();
    const [{ kind } = { kind: "error" }] = client.messages;
    client.expect(kind === "error", "The client told of something before it failed", {
      expected: "error",
      actual: kind,
    });
  }
  const client = await start();
  const first = await client.stream();
  first.write(`${QUICK_RETRY}data: a\n\n`);
  await client.events({ data: "a" });
  answer(await client.reconnection(first));
  // Fetch may ask once more by itself, as it does at 401.
  const stop = client.answerEach(answer);
  if (subject.capabilities.has("ready-state")) {
    client.expectReadyState(await client.next("error", "an error at the end of the stream"), 0);
    client.expectReadyState(await client.next("error", "an error at the answer that is no stream"), 2);
  }
  stop();
  await client.staysQuiet("after an answer that is final");
}
