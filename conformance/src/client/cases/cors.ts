import { CaseFailure } from "../../case.ts";
import { type ClientCase, type ClientTrial, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { QUICK_RETRY } from "../tried-client.ts";

const ALLOW_ALL = "Access-Control-Allow-Origin: *";

/** RULES A3, A10, A45: other origins, of clients that have one themselves. */
export const corsCases: readonly ClientCase[] = [
  clientCase({
    id: "client/cors/allowed",
    rule: "A stream of another origin that allows this one is read; its events have that origin.",
    standard: standard.origin,
    repair: 'Fetch in the mode "cors".',
    needs: ["cors", "event-source"],
    wpt: ["eventsource-cross-origin.window.js"],
    async run({ start, subject }) {
      const client = await start({ crossOrigin: true });
      const exchange = await client.stream({ fields: [ALLOW_ALL] });
      const { headers } = exchange.request;
      client.expect(headers.origin === subject.server.origin, "Origin is another", {
        expected: subject.server.origin,
        actual: `${headers.origin}`,
      });
      exchange.write("data: a\n\n");
      client.expectObject(await client.next("event"), { origin: subject.server.otherOrigin });
    },
  }),
  ...Object.entries({
    missing: [],
    empty: ["Access-Control-Allow-Origin: "],
    wrong: ["Access-Control-Allow-Origin: http://example.com"],
  }).map(([slug, fields]) =>
    clientCase({
      id: `client/cors/not-allowed@field=${slug}`,
      rule: "A stream of another origin that does not allow this one is not read.",
      standard: standard.networkError,
      level: "WPT",
      repair: 'Fetch in the mode "cors", and take what that forbids for futile.',
      needs: ["cors", "event-source"],
      wpt: ["eventsource-cross-origin.window.js"],
      async run({ start }) {
        const client = await start({ crossOrigin: true });
        (await client.stream({ fields })).write("data: a\n\n");
        const { readyState } = await client.next("error", "an error");
        const told = client.messages.map(({ kind }) => kind).join(", ");
        client.expect(told === "error", "The client read what it must not", { expected: "error", actual: told });
        if (readyState === 2) return undefined;
        return { verdict: "nonstrict", message: "It asks again for what CORS forbids; browsers take that for futile" };
      },
    }),
  ),
  ...[false, true].map((withCredentials) =>
    clientCase({
      id: `client/cors/credentials@with=${withCredentials}`,
      rule: `Cookies ${withCredentials ? "go" : "do not go"} to another origin where withCredentials is ${withCredentials}.`,
      standard: standard.credentials,
      repair: 'Fetch with the credentials mode "include" where withCredentials is true, else "same-origin".',
      needs: ["cors", "event-source"],
      wpt: ["request-credentials.window.js"],
      async run({ start, subject }) {
        const own = await start();
        const name = new URL(own.url).pathname.slice(1);
        const first = await own.stream({ fields: [`Set-Cookie: ${name}=1; Path=/`] });
        const sent = (headers: Readonly<Record<string, string>>): boolean => headers.cookie?.includes(name) ?? false;
        const again = await own.reconnection(first.write(QUICK_RETRY));
        own.expect(sent(again.request.headers), "No cookie went to the own origin", {
          expected: name,
          actual: "no such cookie",
        });
        await own.close();
        const client = await start({ crossOrigin: true, withCredentials });
        const { origin } = subject.server;
        const fields = [`Access-Control-Allow-Origin: ${origin}`, "Access-Control-Allow-Credentials: true"];
        const { headers } = (await client.stream({ fields })).write("data: a\n\n").request;
        const [expected, actual] = [withCredentials, sent(headers)].map((is) => (is ? "the cookie" : "no cookie"));
        client.expect(expected === actual, "What is sent is another", { expected: `${expected}`, actual: `${actual}` });
        await client.events({ data: "a" });
      },
    }),
  ),
  clientCase({
    id: "client/cors/preflight@id=safe",
    rule: "A `Last-Event-ID` that is safe goes to another origin without a preflight.",
    standard:
      "The field is the standard's own, not the program's: engines and web-platform-tests send it without asking.",
    level: "WPT",
    repair: "Set Last-Event-ID as the standard does, not as a field of the program's, which fetch() asks for first.",
    needs: ["cors", "event-source"],
    wpt: ["eventsource-cross-origin-preflight.window.js"],
    async run({ start }) {
      const method = await methodAfter(start, "abc");
      if (method === "GET") return;
      throw new CaseFailure("The next request is another", { expected: "GET", actual: method });
    },
  }),
  ...Object.entries({ unsafe: "a<b", long: "x".repeat(129) }).map(([slug, id]) =>
    clientCase({
      id: `client/cors/preflight@id=${slug}`,
      rule: "A `Last-Event-ID` that is long or has unsafe bytes goes to another origin after a preflight only.",
      standard:
        "A file of web-platform-tests asks for it; for Fetch it is proposed (whatwg/fetch#1788), and no engine does it.",
      level: "INFO",
      repair: "Let fetch decide by the value whether Last-Event-ID is a CORS-safelisted request header.",
      needs: ["cors", "event-source"],
      wpt: ["eventsource-cross-origin-preflight.window.js"],
      async run({ start }) {
        const method = await methodAfter(start, id);
        if (method === "OPTIONS") return undefined;
        return { verdict: "info", message: "It is sent without a preflight" };
      },
    }),
  ),
];

/** The method of the request that follows an event of another origin with this id. */
async function methodAfter(start: ClientTrial["start"], id: string): Promise<string> {
  const client = await start({ crossOrigin: true });
  const first = await client.stream({ fields: [ALLOW_ALL] });
  first.write(`${QUICK_RETRY}id: ${id}\ndata: a\n\n`);
  await client.events({ data: "a", id });
  return (await client.reconnection(first)).request.method;
}
