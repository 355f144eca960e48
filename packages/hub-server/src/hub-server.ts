import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHub, type EventLog, memoryLog } from "@ssekit/hub";
import { drainServer } from "@ssekit/node";
import { Activity } from "./activity.ts";
import type { HubContext } from "./hub-context.ts";
import { LiveFeed } from "./live-feed.ts";
import { isLoopback, withoutBrackets } from "./loopback.ts";
import { prometheusPage } from "./prometheus-page.ts";
import { MERCURE_PATH } from "./publish-form.ts";
import { requestHandler } from "./request-handler.ts";

/** Port, where `port` is not given. */
export const DEFAULT_PORT = 4711;
/** Host, where `host` is not given. */
export const DEFAULT_HOST = "127.0.0.1";
/** Bytes that the body of a publish request may have, where `maxBodyBytes` is not given: 1 MiB. */
export const DEFAULT_MAX_BODY_BYTES = 1_048_576;

/** Node's own 511 drops connections when thousands of readers come at once, and each then waits a second or more. */
const BACKLOG = 4096;
/** Milliseconds for a whole request to arrive: a body that trickles in holds a connection no longer. */
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds that readers get to take what was written when the server stops. */
const CLOSE_DEADLINE = 3000;

/** Options of a hub server. */
export interface HubServerOptions {
  /** Where events are kept; the server closes it when it stops. Default: `memoryLog()`. */
  log?: EventLog;
  /** TCP port; 0 takes a free one. Default: {@linkcode DEFAULT_PORT}. */
  port?: number;
  /** A loopback address or name: the server asks for no token, so it serves this machine only. Default: {@linkcode DEFAULT_HOST}. */
  host?: string;
  /**
   * The id that an event has on the wire and in the answer to its publisher: the hub's cursor, which proves itself, or
   * the publisher's own id where it gave one. Default: `cursor`.
   */
  ids?: "cursor" | "publisher";
  /** Bytes that the body of a publish request may have; more is answered 413. Default: {@linkcode DEFAULT_MAX_BODY_BYTES}. */
  maxBodyBytes?: number;
  /**
   * Whether `/metrics` tells a Prometheus what the hub does, and how its process fares: to everyone who can reach the hub.
   * Default: `false`.
   */
  metrics?: boolean;
  /** Hears what goes wrong on the server's side. Default: `console.error`. */
  onError?: (error: unknown) => void;
}

/** A running hub server. */
export interface HubServer {
  /** Where it listens, without a path: `http://127.0.0.1:4711`. */
  readonly url: string;
  /**
   * Stops: takes no more connections, tells each reader when to come back, ends its stream, and fulfils when all have
   * what was written for them, or after 3 s.
   */
  close(): Promise<void>;
}

/**
 * Starts a hub server: the Mercure protocol at `/.well-known/mercure`, the live page at `/`, and `/healthz`. What is
 * published lives in memory, unless another log is given.
 *
 * @throws {RangeError} when `host` isn't a loopback address or name. Rejects with Node's own error when it can't listen
 * there, such as one of code `EADDRINUSE`.
 *
 * @example
 * ```ts
 * import { startHubServer } from "@ssekit/hub-server";
 *
 * const server = await startHubServer({ port: 0 });
 * const body = new URLSearchParams({ topic: "news", data: "Hello world!" });
 * const answer = await fetch(`${server.url}/.well-known/mercure`, { method: "POST", body });
 * console.log(await answer.text()); // the id of the event
 * await server.close();
 * ```
 */
export async function startHubServer(options: HubServerOptions = {}): Promise<HubServer> {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, ids = "cursor", onError = console.error } = options;
  if (!isLoopback(host)) {
    throw new RangeError(
      `Cannot bind the hub to ${host}: it asks for no token, so it may only be reached from this machine: ` +
        `use a loopback address such as ${DEFAULT_HOST}`,
    );
  }
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT });
  server.listen({ port, host: withoutBrackets(host), backlog: BACKLOG });
  await once(server, "listening");
  const url = urlOf(host, server.address() as AddressInfo);

  const endpoint = `${url}${MERCURE_PATH}`;
  const hub = createHub({ log: options.log ?? memoryLog(), ids, base: endpoint, onError });
  const activity = new Activity();
  const context: HubContext = {
    hub,
    url: endpoint,
    activity,
    feed: new LiveFeed(() => ({ connections: hub.count(), ...activity.snapshot() })),
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    metricsPage: options.metrics ? prometheusPage(() => hub.metrics()) : undefined,
    onError,
  };
  server.on("request", requestHandler(context));
  server.on("error", onError);

  const close = async (): Promise<void> => {
    await drainServer(server, { deadline: CLOSE_DEADLINE });
    await hub.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function urlOf(host: string, { port }: AddressInfo): string {
  const name = withoutBrackets(host);
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
