import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { QUICK_RETRY } from "../tried-client.ts";

/** RULES A4, A19: what is sent. */
export const requestCases: readonly ClientCase[] = [
  clientCase({
    id: "client/request/get",
    rule: "The request is a GET of the URL, with its query and without its fragment.",
    standard: standard.fetch,
    repair: "Request path and query as they stand in the URL.",
    launchDarkly: ["HTTP behavior/default method and headers"],
    async run({ start }) {
      const client = await start({ suffix: "/a%20b?x=1&y=%C3%A9#part" });
      const { method, target } = (await client.request()).head().request;
      const { pathname, search } = new URL(client.url);
      const expected = `GET ${pathname}${search}`;
      client.expect(`${method} ${target}` === expected, "The request is another", {
        expected,
        actual: `${method} ${target}`,
      });
    },
  }),
  clientCase({
    id: "client/request/accept",
    rule: "The field `Accept` is `text/event-stream`, on reconnections too.",
    standard: standard.accept,
    level: "WPT",
    repair: "Send exactly `Accept: text/event-stream` with each request.",
    wpt: ["request-accept.any.js"],
    launchDarkly: ["HTTP behavior/default method and headers"],
    run: ({ start }) => bothRequestsHave(start, "accept", "text/event-stream"),
  }),
  clientCase({
    id: "client/request/cache-control",
    rule: "The field `Cache-Control` is `no-cache`, on reconnections too.",
    standard: standard.cacheMode,
    level: "WPT",
    repair: 'Fetch with the cache mode "no-store"; a runtime whose fetch sends no field for it needs the field itself.',
    wpt: ["request-cache-control.any.js"],
    launchDarkly: ["HTTP behavior/default method and headers"],
    run: ({ start }) => bothRequestsHave(start, "cache-control", "no-cache"),
  }),
  clientCase({
    id: "client/request/no-id-at-first",
    rule: "The first request has no `Last-Event-ID`, not even an empty one.",
    standard: standard.sendId,
    repair: "Add the field only where there is a last event ID that is not empty.",
    launchDarkly: ["HTTP behavior/default method and headers"],
    async run({ start }) {
      const client = await start();
      const { headers } = (await client.stream()).request;
      client.expect(!("last-event-id" in headers), "The first request has a Last-Event-ID", {
        expected: "no such field",
        actual: JSON.stringify(headers["last-event-id"]),
      });
    },
  }),
  clientCase({
    id: "client/request/same-again",
    rule: "A reconnection sends the request again: the same method and the same URL.",
    standard: standard.sameRequest,
    repair: "Repeat the request as it was made first.",
    async run({ start }) {
      const client = await start({ suffix: "?a=b" });
      const first = await client.stream();
      const again = await client.reconnection(first.write(QUICK_RETRY));
      const [expected, actual] = [first, again].map(({ request }) => `${request.method} ${request.target}`);
      client.expect(expected === actual, "The second request is another", {
        expected: `${expected}`,
        actual: `${actual}`,
      });
    },
  }),
];

async function bothRequestsHave(
  start: Parameters<Parameters<typeof clientCase>[0]["run"]>[0]["start"],
  name: string,
  expected: string,
): Promise<void> {
  const client = await start();
  const first = await client.stream();
  const again = await client.reconnection(first.write(QUICK_RETRY));
  for (const [which, { request }] of Object.entries({ first, second: again })) {
    const actual = request.headers[name];
    client.expect(actual === expected, `${name} of the ${which} request is another`, { expected, actual: `${actual}` });
  }
}
