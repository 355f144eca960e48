import { type ClientCase, type ClientCaseData, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import type { Exchange } from "../exchange.ts";
import type { TriedClient } from "../tried-client.ts";

/**
 * RULES A14, A33: the reconnection time. A client may wait longer, so what is late is only what takes a time that the
 * stream has replaced: no client that is known has a default under a second.
 */
export const retryCases: readonly ClientCase[] = [
  retryCase({
    id: "client/retry/is-waited",
    rule: "The reconnection time that a stream sets is waited before the next request.",
    standard: standard.wait,
    repair: "Wait what the last `retry` field said, in milliseconds.",
    wpt: ["format-field-retry.any.js"],
    text: "retry: 800\n\n",
    from: 750,
  }),
  retryCase({
    id: "client/retry/leading-zeros",
    rule: "The value is read in base ten, leading zeros or not.",
    standard: standard.retryField,
    repair: "Read the digits in base ten.",
    wpt: ["format-field-retry.any.js"],
    text: "retry: 0800\n\n",
    from: 750,
  }),
  retryCase({
    id: "client/retry/at-once",
    rule: "A `retry` field counts at the end of its line, also if no blank line follows.",
    standard: standard.retryField,
    repair: "Set the reconnection time when the field is processed, not when an event is dispatched.",
    text: "retry: 50\n\nretry: 800\n",
    from: 750,
  }),
  retryCase({
    id: "client/retry/more-than-digits",
    rule: "A value that only begins with digits is ignored.",
    standard: standard.retryField,
    repair: "Test the whole value for ASCII digits; parseInt takes what begins with them.",
    wpt: ["format-field-retry-bogus.any.js"],
    text: "retry: 800\n\nretry: 50x\n\nretry: 1.5\n\nretry: 50 \n\n",
    from: 750,
  }),
  retryCase({
    id: "client/retry/numbers-that-are-no-digits",
    rule: "A value with a sign, an exponent, a prefix or digits of other scripts is ignored.",
    standard: standard.retryField,
    repair: "Test the whole value for ASCII digits; Number takes more than these.",
    text: "retry: 800\n\nretry: -50\nretry: +50\nretry: 5e1\nretry: 0x32\nretry:  50\nretry: ٥٠\n\n",
    from: 750,
  }),
  clientCase({
    id: "client/retry/empty",
    rule: "A `retry` field without a value does not make a client come back at once.",
    standard: standard.retryField,
    repair: "Ask for one digit at least: Number of an empty string is 0.",
    wpt: ["format-field-retry-empty.any.js"],
    needs: ["retry"],
    async run({ start }) {
      const client = await start();
      const { actual, isLate } = await waitAfter(client, "retry: 800\n\nretry\n\nretry:\n\nretry: \n\n");
      client.expect(actual >= AT_ONCE, "The next request came too early", late(800, actual));
      if (actual >= 750 && !isLate) return undefined;
      // That no character at all is no digit can be read out of the sentence, and can be not.
      return { verdict: "nonstrict", message: "An empty value changes the reconnection time" };
    },
  }),
  clientCase({
    id: "client/retry/survives-reconnections",
    rule: "The reconnection time holds until a stream sets another, over reconnections too.",
    standard: standard.retryField,
    repair: "Keep the reconnection time with the client, not with the connection.",
    needs: ["retry"],
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write("retry: 800\n\n").end();
      const { actual, isLate } = await waitAtEnd(client, await client.stream());
      client.expect(actual >= 750 && !isLate, "The reconnection time was forgotten", late(800, actual));
    },
  }),
  clientCase({
    id: "client/retry/huge",
    rule: "A time that is longer than a timer can be does not become a short one.",
    standard: standard.wait,
    repair: "Bound the wait to 2147483647 ms, above which timers fire at once.",
    needs: ["retry"],
    async run({ start }) {
      const client = await start();
      (await client.stream()).write("retry: 4294967297\n\n").end();
      await client.sendsNothing(700, "49 days were asked for");
    },
  }),
];

/** Later than this, a default was waited instead. */
const LATE = 2_500;

/** Earlier than this, no time was waited: the least that engines wait is 500 ms. */
const AT_ONCE = 400;

type RetryCase = Omit<ClientCaseData, "run" | "needs"> & {
  /** What the stream says before it ends. */
  readonly text: string;
  /** When the next request may come, in milliseconds from the end. */
  readonly from: number;
};

function retryCase({ text, from, ...data }: RetryCase): ClientCase {
  return clientCase({
    ...data,
    needs: ["retry"],
    async run({ start }) {
      const client = await start();
      const { actual, isLate } = await waitAfter(client, text);
      client.expect(actual >= from, "The next request came too early", late(from, actual));
      client.expect(!isLate, "The next request came too late", late(from, actual));
    },
  });
}

/** What a client waited, in milliseconds, and whether that is later than the machine makes it. */
interface Waited {
  readonly actual: number;
  readonly isLate: boolean;
}

/** What a client waits before its next request when a stream ends that has said this. */
async function waitAfter(client: TriedClient, text: string): Promise<Waited> {
  const first = await client.stream();
  first.write("data: a\n\n");
  await client.events({ data: "a" });
  return await waitAtEnd(client, first.write(text));
}

async function waitAtEnd(client: TriedClient, exchange: Exchange): Promise<Waited> {
  const ended = performance.now();
  const stop = measureLag();
  let lag = 0;
  try {
    exchange.end();
    await client.request("a new request after the stream ended");
  } finally {
    lag = stop();
  }
  const actual = performance.now() - ended;
  return { actual, isLate: actual - 2 * lag > LATE };
}

/** Counts the milliseconds that this process could not run in, until what it gives is called: clients can't either. */
function measureLag(): () => number {
  const interval = 20;
  let lag = 0;
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    lag += Math.max(0, now - last - interval);
    last = now;
  };
  const timer = setInterval(tick, interval);
  return () => {
    clearInterval(timer);
    tick();
    return lag;
  };
}

function late(asked: number, actual: number): { expected: string; actual: string } {
  return { expected: `about ${asked} ms`, actual: `${Math.round(actual)} ms` };
}
