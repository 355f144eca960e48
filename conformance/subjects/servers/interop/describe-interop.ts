import { EventSource, EventSourceClient } from "@ssekit/client";
import { localhost } from "testing";
import { Agent, fetch as undiciFetch } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import type { ServerDriver } from "../../../src/server/driver.ts";
import { Http2Front } from "./http2-front.ts";
import { StablePort } from "./stable-port.ts";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What is used of a client. */
interface Reader {
  close(): void;
}

/** What a reader got, and waits for it. */
class Log {
  readonly events: { readonly data: string; readonly lastEventId: string }[] = [];
  opened = 0;
  #heard: () => void = () => {};

  open(): void {
    this.opened++;
    this.#heard();
  }

  event({ data, lastEventId }: { readonly data: string; readonly lastEventId: string }): void {
    this.events.push({ data, lastEventId });
    this.#heard();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

/** A wait is as good as over: what is asked for is in the requests. */
const clock = {
  now: () => Date.now(),
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.min(ms, 50));
    return () => clearTimeout(timer);
  },
};

const clients: Record<string, (url: string, fetch: Fetch, log: Log) => Reader> = {
  EventSource(url, fetch, log) {
    const source = new EventSource(url, { fetch, clock });
    source.onopen = () => log.open();
    source.addEventListener("news", (event) => log.event(event as MessageEvent));
    return source;
  },
  EventSourceClient(url, fetch, log) {
    const client = new EventSourceClient(url, { fetch, clock, idleTimeout: 0 });
    let { readyState } = client;
    client.onState((state) => {
      if (state.readyState === 1 && readyState !== 1) log.open();
      readyState = state.readyState;
    });
    client.on("news", (event) => log.event(event));
    return client;
  },
};

/** Lets both clients read from a server of somebody's, over HTTP/1.1 and HTTP/2, cuts them off, and restarts the server. */
export function describeInterop(
  name: string,
  create: () => ServerDriver,
  { resumes }: { readonly resumes: boolean },
): void {
  const opened: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  describe.each(["HTTP/1.1", "HTTP/2"])(`${name} over %s`, (protocol) => {
    it.each(Object.entries(clients))(
      "is read by %s, through a cut and a restart",
      async (_client, open) => {
        const port = await StablePort.start();
        opened.push(port);
        let driver = create();
        const start = async (): Promise<URL> => {
          const url = new URL((await driver.start?.()) as string);
          port.target = Number(url.port);
          return url;
        };
        const { pathname, search } = await start();
        opened.push({ close: () => driver.stop?.() });
        const { origin, fetch } = await reach(protocol, port, opened);
        const lastEventIds: (string | null)[] = [];
        const log = new Log();
        const client = open(
          origin + pathname + search,
          (url, init) => {
            lastEventIds.push(new Headers(init.headers).get("last-event-id"));
            return fetch(url, init);
          },
          log,
        );
        opened.push(client);
        const publish = async (number: number): Promise<void> => {
          const event = { data: `${number}`, event: "news", id: `${number}` };
          await driver.publish(event);
        };
        /** A stream may be open a moment before the server publishes to it. */
        const ready = async (times: number): Promise<void> => {
          await log.until(() => log.opened >= times);
          while ((await driver.count?.()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        };
        const numbers = (): number[] => log.events.map(({ data }) => Number(driver.json ? JSON.parse(data) : data));

        await ready(1);
        for (const number of [1, 2, 3]) await publish(number);
        await log.until(() => log.events.length >= 3);
        const last = log.events.at(-1)?.lastEventId;
        port.drop();
        if (!resumes) await ready(2);
        await publish(4);
        await log.until(() => log.events.length >= 4);
        expect(numbers()).toEqual([1, 2, 3, 4]);
        expect([lastEventIds[0], lastEventIds.at(-1)]).toEqual([null, last || null]);

        port.target = undefined;
        await driver.stop?.();
        const times = log.opened;
        driver = create();
        await start();
        await ready(times + 1);
        await publish(5);
        await log.until(() => log.events.length >= 5);
        expect(numbers()).toEqual([1, 2, 3, 4, 5]);
      },
      60_000,
    );
  });
}

/** How a client reaches a port by a protocol. */
async function reach(
  protocol: string,
  { port }: StablePort,
  opened: { close(): unknown }[],
): Promise<{ origin: string; fetch: Fetch }> {
  if (protocol === "HTTP/1.1") return { origin: `http://127.0.0.1:${port}`, fetch: (url, init) => fetch(url, init) };
  const front = await Http2Front.start(port);
  const dispatcher = new Agent({ allowH2: true, connect: { ca: localhost.cert } });
  opened.push(front, { close: () => dispatcher.destroy() });
  const overHttp2 = (url: string, init: RequestInit): Promise<Response> =>
    undiciFetch(url, { ...(init as object), dispatcher }) as unknown as Promise<Response>;
  return { origin: front.origin, fetch: overHttp2 };
}
