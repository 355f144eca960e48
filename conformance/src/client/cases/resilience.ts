import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import type { Exchange } from "../exchange.ts";
import type { TriedClient } from "../tried-client.ts";

const WAITS = { floorMs: 50, ceilingMs: 1_000, spreadMs: 50 };

/**
 * The profile `resilient`, whose cases bind where it is asked for: what a client does that survives the real world: back-off, Retry-After, a watchdog, bounds on `retry`.
 */
export const resilienceCases: readonly ClientCase[] = [
  ...[429, 500, 502, 503, 504].map((status) =>
    clientCase({
      id: `client/resilience/retries@status=${status}`,
      rule: "A status that passes is asked again.",
      standard:
        "Proxies answer so while a server restarts or has too much to do: a client that gives up then stays away for good.",
      repair: "Take 429, 500, 502, 503 and 504 for what passes, and try again.",
      needs: ["resilient"],
      async run({ start }) {
        const client = await start({ resilient: WAITS });
        (await client.request()).respond(`${status} Later`);
        (await client.stream()).write("data: a\n\n");
        await client.events({ data: "a" });
      },
    }),
  ),
  clientCase({
    id: "client/resilience/gives-up",
    rule: "A status that will not pass is final.",
    standard: "What is not there will not be there a moment later: a client that asks on asks for ever.",
    repair: "Take 404 and its like for final.",
    needs: ["resilient"],
    async run({ start }) {
      const client = await start({ resilient: WAITS });
      (await client.request()).respond("404 Not Found");
      await client.sendsNothing(1_500, "404 was answered");
    },
  }),
  clientCase({
    id: "client/resilience/retry-after",
    rule: "Retry-After of a 503 is waited.",
    standard: "The server knows when it can serve again, and who comes earlier adds to its load.",
    repair: "Wait for what Retry-After says, within the ceiling.",
    needs: ["resilient"],
    async run({ start }) {
      const client = await start({ resilient: { ...WAITS, ceilingMs: 5_000 } });
      (await client.request()).respond("503 Service Unavailable", { fields: ["Retry-After: 1"] });
      await client.sendsNothingFor(900, "one second was asked for");
      await client.request("a new request");
    },
  }),
  clientCase({
    id: "client/resilience/back-off",
    rule: "Attempts that fail one after the other come at growing distances.",
    standard: standard.waitMore,
    repair: "Double the wait, or what is spread over it, with each attempt that fails.",
    needs: ["resilient"],
    async run({ start }) {
      const client = await start({ resilient: { floorMs: 10, ceilingMs: 10_000, spreadMs: 20 } });
      (await client.request()).respond("503 Service Unavailable");
      // However late: what is looked at is how the attempts go on.
      (await client.request("a second attempt")).respond("503 Service Unavailable");
      client.answerEach((exchange) => exchange.respond("503 Service Unavailable"));
      await expectGrowingWaits(client);
    },
  }),
  clientCase({
    id: "client/resilience/floor",
    rule: "A server that says `retry: 0` and ends each stream at once gets no loop of requests.",
    standard: "No wait and streams that end at once make a loop of requests, at full speed, of every client.",
    repair: "Bound the reconnection time from below, and let it grow while connections are short-lived.",
    needs: ["resilient"],
    async run({ start }) {
      // Long, for on a busy machine what does not wait is slow too.
      const client = await start({ resilient: { ...WAITS, floorMs: 600 } });
      const end = (exchange: Exchange): void => exchange.head().write("retry: 0\n\n").end();
      end(await client.request());
      end(await client.request("a second request"));
      client.answerEach(end);
      await expectRequests(client, { within: 3_000, most: 7 });
    },
  }),
  clientCase({
    id: "client/resilience/ceiling",
    rule: "A server that says `retry: 86400000` is asked again within the ceiling.",
    standard: "One wrong number in a stream would keep its readers away for a day.",
    repair: "Bound the reconnection time from above.",
    needs: ["resilient"],
    async run({ start }) {
      const client = await start({ resilient: WAITS });
      (await client.stream()).write("retry: 86400000\n\n").end();
      await client.request("a new request, the ceiling being one second");
    },
  }),
  clientCase({
    id: "client/resilience/spread",
    rule: "Clients that were cut off at the same time do not come back at the same time.",
    standard:
      "Clients that one restart cut off would come back at one moment, and overload the server that has just come up.",
    repair: "Add a random part to each wait.",
    needs: ["resilient"],
    async run({ start }) {
      const clients: TriedClient[] = [];
      const spreadMs = 4_500;
      // More streams would leave a page no connection to hear and tell by: a browser opens six to an origin.
      for (let count = 0; count < 4; count++) {
        const client = await start({ resilient: { ...WAITS, spreadMs, ceilingMs: 5_000 } });
        client.patience += spreadMs;
        clients.push(client);
      }
      const streams = await Promise.all(clients.map((client) => client.stream()));
      for (const stream of streams) stream.end();
      const times = await Promise.all(
        clients.map((client) => client.request("a new request").then(() => performance.now())),
      );
      const actual = Math.max(...times) - Math.min(...times);
      clients[0]?.expect(actual > 200, "The clients came back together", {
        expected: "4 requests spread over more than 200 ms",
        actual: `${Math.round(actual)} ms from the first to the last`,
      });
    },
  }),
  clientCase({
    id: "client/resilience/watchdog",
    rule: "A connection that is silent for too long is left for a new one.",
    standard: "A connection that broke without a word looks open for ever: only silence tells.",
    repair: "Leave a connection without a byte for the idle time-out.",
    needs: ["resilient", "read-timeout"],
    async run({ start }) {
      const client = await start({ resilient: WAITS, readTimeoutMs: 300 });
      const first = await client.stream();
      first.write("data: a\n\n");
      await client.events({ data: "a" });
      await client.until(first.closed, "the end of the silent connection");
      (await client.stream()).write("data: b\n\n");
      await client.events({ data: "b" });
    },
  }),
];

/** The requests that back-off leaves at most before a wait of a whole {@linkcode LONG_WAIT}, and that wait. */
const MOST_ATTEMPTS = 15;
const LONG_WAIT = 1_200;

/** However slow the machine, attempts at an even pace come to a large number, and those that back off to a long wait. */
async function expectGrowingWaits(client: TriedClient): Promise<void> {
  let before: number;
  do {
    before = client.requestCount;
    await new Promise((resolve) => setTimeout(resolve, LONG_WAIT));
  } while (client.requestCount > before && client.requestCount <= MOST_ATTEMPTS);
  const { requestCount } = client;
  client.expect(requestCount > 1 && requestCount <= MOST_ATTEMPTS, "The number of requests is another", {
    expected: `2 to ${MOST_ATTEMPTS} before a wait of ${LONG_WAIT} ms`,
    actual: `${requestCount}`,
  });
}

async function expectRequests(client: TriedClient, { within, most }: { within: number; most: number }): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, within));
  const { requestCount } = client;
  client.expect(requestCount > 1 && requestCount <= most, "The number of requests is another", {
    expected: `2 to ${most} in ${within} ms`,
    actual: `${requestCount}`,
  });
}
