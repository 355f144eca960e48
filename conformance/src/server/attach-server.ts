import type { Attachment } from "../attachment.ts";
import { AttachmentError } from "../attachment.ts";
import type { Field, TlsOptions } from "../http/request.ts";
import { wireLogOf } from "../http/wire-log.ts";
import { driverPublisher, type ServerDriver, startDriver } from "./driver.ts";
import type { Publisher } from "./publisher.ts";
import { DEFAULT_DURATIONS, type Durations, ServerSubject, type ServerTarget } from "./server-subject.ts";

/** How a server is attached. */
export interface ServerOptions {
  /** Its name in reports; its host by default. */
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Where its event stream is. */
  readonly url?: string | undefined;
  /** How the suite publishes; without it only what the URL alone shows is tested. */
  readonly publisher?: Publisher | undefined;
  /** The server from inside, in place of `publisher`, and of `url` where it has a `start`. */
  readonly driver?: ServerDriver | undefined;
  /** Sent with each request. */
  readonly fields?: readonly Field[] | undefined;
  readonly tls?: TlsOptions | undefined;
  /** The parameter of the query that takes a cursor, if one does. */
  readonly cursorQuery?: string | undefined;
  /** Whether it sends data as JSON: a string that arrives is then what it says; what its driver says by default. */
  readonly json?: boolean | undefined;
  /** Those that differ from {@linkcode DEFAULT_DURATIONS}. */
  readonly durations?: Partial<Durations> | undefined;
}

/**
 * Attaches a server that listens at a URL, or that a driver starts.
 *
 * @example
 * ```ts ignore
 * const attachment = await attachServer({ url: "http://127.0.0.1:3000/events", driver: { publish } });
 * const { results } = await runCases(cases, attachment);
 * ```
 */
export async function attachServer(options: ServerOptions): Promise<Attachment<ServerSubject>> {
  const { driver, name, version, fields = [], tls = {}, cursorQuery } = options;
  const json = options.json ?? driver?.json ?? false;
  const publisher = driver === undefined ? options.publisher : driverPublisher(driver);
  const started = driver && (await startDriver(driver));
  const url = await parseUrl(options.url ?? started, publisher);
  const durations = { ...DEFAULT_DURATIONS, ...options.durations };
  const target: ServerTarget = { url, fields, tls, cursorQuery, json, durations };
  const run = `s${Date.now().toString(36)}${Math.floor(Math.random() * 36 ** 3).toString(36)}`;
  let opened = 0;
  return {
    name: name ?? url.host,
    version,
    capabilities: capabilitiesOf(publisher, cursorQuery),
    open: async (context) => {
      opened += 1;
      const wire = wireLogOf(context);
      const subject = new ServerSubject(target, { publisher, wire, run: `${run}-${opened.toString(36)}` });
      context.defer(() => subject.leave());
      context.lengthen(durations.within / DEFAULT_DURATIONS.within);
      return subject;
    },
    close: async () => {
      await publisher?.stop?.();
    },
  };
}

async function parseUrl(url: string | undefined, publisher: Publisher | undefined): Promise<URL> {
  if (url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  await publisher?.stop?.();
  throw new AttachmentError(
    url === undefined
      ? "Cannot attach a server: it has no URL; give one, or a driver whose start() gives it"
      : `Cannot attach ${url}: it is no URL of http: or https:; give one such as http://127.0.0.1:3000/events`,
  );
}

/** What cases may need. */
export function capabilitiesOf(publisher: Publisher | undefined, cursorQuery: string | undefined): Set<string> {
  const capabilities = new Set<string>();
  if (publisher !== undefined) {
    capabilities.add("publish");
    for (const field of publisher.fields) capabilities.add(`publish-${field}`);
    if (publisher.closeAll !== undefined) capabilities.add("close-all");
  }
  if (cursorQuery !== undefined) capabilities.add("cursor-query");
  return capabilities;
}
