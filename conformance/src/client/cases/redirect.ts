import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import type { Exchange } from "../exchange.ts";
import { QUICK_RETRY, type TriedClient } from "../tried-client.ts";

/** RULES A2, A10, A19, A39: redirections, which are Fetch's. */
export const redirectCases: readonly ClientCase[] = [
  ...["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"].map(
    (status) =>
      clientCase({
        id: `client/redirect/is-followed@status=${status.slice(0, 3)}`,
        rule: "A redirection is followed.",
        standard: standard.fetch,
        repair: "Follow 301, 302, 303, 307 and 308, relative locations too.",
        ...(!status.startsWith("308") && { wpt: ["request-redirect.window.js"] }),
        ...(/^30[17]/.test(status) && {
          launchDarkly: [`HTTP behavior/client follows ${status.slice(0, 3)} redirect`],
        }),
        async run({ start }) {
          const client = await start();
          redirect(await client.request(), client, { status });
          const { target } = (await client.stream()).write("data: a\n\n").request;
          client.expect(target.endsWith("?redirected"), "The request is another", {
            expected: "?redirected",
            actual: target,
          });
          await client.events({ data: "a" });
        },
      }),
  ),
  clientCase({
    id: "client/redirect/original-url-again",
    rule: "A reconnection begins at the original URL, not where a redirection led.",
    standard: standard.sameRequest,
    // A request keeps where it was led in its URL list, so that it may as well begin there: engines differ.
    level: "INFO",
    repair: "Keep the URL of the constructor for each request.",
    async run({ start }) {
      const client = await start();
      redirect(await client.request(), client);
      const { target } = (await client.reconnection((await client.stream()).write(QUICK_RETRY))).request;
      if (target === new URL(client.url).pathname) return undefined;
      return { verdict: "info", message: `A reconnection begins where a redirection led: ${target}` };
    },
  }),
  clientCase({
    id: "client/redirect/origin-of-the-final-url",
    rule: "An event's origin is that of the URL after redirections.",
    standard: standard.origin,
    repair: "Take the origin of the response's URL, not of the request's.",
    needs: ["event-source"],
    async run({ start, subject }) {
      const client = await start();
      const allow = "Access-Control-Allow-Origin: *";
      redirect(await client.request(), client, { to: subject.server.otherOrigin, fields: [allow] });
      (await client.stream({ fields: [allow] })).write("data: a\n\n");
      const { object } = await client.next("event");
      const expected = subject.server.otherOrigin;
      client.expect(object?.origin === expected, "The origin is another", { expected, actual: `${object?.origin}` });
    },
  }),
  ...["301 Moved Permanently", "307 Temporary Redirect"].flatMap((status) => [
    clientCase({
      id: `client/redirect/without-location@status=${status.slice(0, 3)}`,
      rule: "A redirection without a Location is an error.",
      standard: standard.failure,
      repair: "Fail the connection at a redirection that leads nowhere, and tell the program.",
      launchDarkly: [`HTTP behavior/missing Location with ${status.slice(0, 3)}`],
      async run({ start }) {
        const client = await start();
        (await client.request()).respond(status);
        client.expectReadyState(await client.next("error", "an error"), 2);
      },
    }),
    clientCase({
      id: `client/redirect/empty-location@status=${status.slice(0, 3)}`,
      rule: "A redirection to nowhere but itself is an error.",
      standard: standard.networkError,
      repair: "Bound the number of redirections, and tell the program of an error.",
      launchDarkly: [`HTTP behavior/empty Location with ${status.slice(0, 3)}`],
      async run({ start, subject }) {
        const client = await start();
        client.answerEach((exchange) => exchange.respond(status, { fields: ["Location: "] }));
        // Twenty redirections are followed before they are too many.
        await client.next("error", "an error", { patience: 3 * subject.patience });
      },
    }),
  ]),
];

function redirect(
  exchange: Exchange,
  { url }: TriedClient,
  { status = "302 Found", to, fields = [] }: { status?: string; to?: string; fields?: string[] } = {},
): void {
  const { origin, pathname } = new URL(url);
  const location = to === undefined ? `${pathname}?redirected` : `${to}${pathname}?redirected`;
  exchange.wire("sent", `redirects to ${location}, of ${origin}`);
  exchange.respond(status, { fields: [`Location: ${location}`, ...fields] });
}
