import type {
  ClientHost,
  ClientMessage,
  EventObject,
  HostedClient,
  InterfaceFacts,
  StreamParameters,
} from "./client-host.ts";

/** The part of `EventSource` that a host needs. */
interface Source extends EventTarget {
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  readonly url: string;
  readonly readyState: number;
  readonly withCredentials: boolean;
  close(): void;
}

/** A class that claims to be `EventSource`. */
export type EventSourceClass = new (url: string, init?: { withCredentials?: boolean }) => Source;

/** What each `EventSource` can do. */
const CAPABILITIES = [
  ...["bom", "event-type-listeners", "server-directed-shutdown-request"],
  ...["ready-state", "open-events", "retry", "close", "event-source"],
];

/** What a host of such a class is called, and where it is. */
export interface EventSourceHostOptions {
  /** `EventSource` by default. */
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** The address of its page, of a class that plays one; that of the document, where there is one, by default. */
  readonly href?: string | undefined;
}

/** Makes clients of a class that claims to be `EventSource`, in this realm: a runtime's, or a page's. */
export function hostEventSource(
  EventSource: EventSourceClass,
  { name = "EventSource", version, href }: EventSourceHostOptions = {},
): ClientHost {
  const { document, location } = globalThis as { document?: unknown; location?: { href: string } };
  const page = href ?? (document === undefined ? undefined : location?.href);
  const capabilities = [...CAPABILITIES, ...(page === undefined ? [] : ["base-url", "cors"])];
  return {
    name,
    version,
    capabilities,
    create: async (parameters, report) => createClient(EventSource, parameters, report),
    inspect: async (url) => inspect(EventSource, url, page),
  };
}

function createClient(
  EventSource: EventSourceClass,
  { streamUrl, withCredentials, closeAt, handlers, objectListeners }: StreamParameters,
  report: (message: ClientMessage) => void,
): HostedClient {
  const source =
    withCredentials === undefined ? new EventSource(streamUrl) : new EventSource(streamUrl, { withCredentials });
  const counts = { open: 0, event: 0, error: 0 };
  const told = new Set<string>();

  function hear(this: unknown, event: Event): void {
    const { readyState } = source;
    const kind = "data" in event ? "event" : (event.type as "open" | "error");
    const object = describe(event, source, objectListeners ? source : this);
    const { data, lastEventId } = event as MessageEvent<string>;
    const dispatched = { type: event.type, data, id: lastEventId };
    report(kind === "event" ? { kind, event: dispatched, readyState, object } : { kind, readyState, object });
    if (closeAt?.kind === kind && closeAt.nth === ++counts[kind]) source.close();
  }
  const listen = (type: string): void => {
    if (told.has(type)) return;
    told.add(type);
    source.addEventListener(type, objectListeners ? { handleEvent: hear } : hear);
  };

  if (handlers) {
    source.onopen = hear;
    source.onmessage = hear;
    source.onerror = hear;
    for (const type of ["open", "message", "error"]) told.add(type);
  } else {
    for (const type of ["open", "message", "error"]) listen(type);
  }
  return {
    listen: async (type) => listen(type),
    restart: () => Promise.reject(new Error("Cannot restart an EventSource: it has no such method")),
    close: async () => source.close(),
  };
}

function describe(event: Event, source: unknown, self: unknown): EventObject {
  return {
    interface: event.constructor.name,
    bubbles: event.bubbles,
    cancelable: event.cancelable,
    hasData: "data" in event,
    origin: (event as MessageEvent).origin,
    atSource: event.target === source && event.currentTarget === source && self === source,
  };
}

function inspect(EventSource: EventSourceClass, url: string, location: string | undefined): InterfaceFacts {
  const made: Source[] = [];
  // A page can't be asked for streams by each of these at once, so each is closed before it has begun.
  const make = (...args: unknown[]): Source => {
    const source = new EventSource(...(args as [string]));
    made.push(source);
    return source;
  };
  const closed = (...args: unknown[]): Source => {
    const source = make(...args);
    source.close();
    return source;
  };
  const constants = (owner: Record<string, unknown>): unknown[] =>
    ["CONNECTING", "OPEN", "CLOSED"].map((name) => attempt(() => owner[name]));
  const urlOf = (given: unknown): string => attempt(() => closed(given).url);
  const { origin, pathname } = new URL(url);
  let bogus: unknown;
  try {
    // No parser of URLs takes this one; Chromium takes a host with spaces.
    make("http://[bogus/");
  } catch (error) {
    bogus = error;
  }
  const source = make(url);
  const { readyState } = source;
  const handlers = [source.onopen, source.onmessage, source.onerror].map(String);
  const handlerAfter = (value: unknown): unknown =>
    attempt(() => {
      source.onmessage = value;
      return source.onmessage;
    });
  const handler = (): void => {};
  const prototype = EventSource.prototype as unknown as Record<string, unknown>;
  prototype.addedByTest = "seen";
  const sharesPrototype = (source as unknown as Record<string, unknown>).addedByTest === "seen";
  delete prototype.addedByTest;
  source.close();
  const facts: InterfaceFacts = {
    noArgument: nameOfThrown(() => make()),
    noNew: nameOfThrown(() => (EventSource as unknown as (url: string) => unknown)(url)),
    bogusUrl: (bogus as Error | undefined)?.name ?? "nothing",
    bogusIsDomException: bogus instanceof DOMException,
    serializedUrl: urlOf(`${origin.toUpperCase()}/a/..${pathname}?x=y z`),
    stringifiedUrl: urlOf({ toString: () => url }),
    emptyUrl: location === undefined ? undefined : urlOf(""),
    location,
    classConstants: constants(EventSource as unknown as Record<string, unknown>),
    prototypeConstants: constants(prototype),
    readyState,
    readyStateOnceClosed: source.readyState,
    withCredentials: [source.withCredentials, closed(url, { withCredentials: true }).withCredentials],
    handlers,
    handlerKept: handlerAfter(handler) === handler,
    handlerOfNoFunction: String(handlerAfter("no function")),
    sharesPrototype,
    isEventTarget: source instanceof EventTarget,
  };
  for (const each of made) each.close();
  return facts;
}

/** What this gives, or else what it throws: a class that is wrong in one thing can be right in the others. */
function attempt<T>(look: () => T): T | string {
  try {
    return look();
  } catch (error) {
    return `throws ${(error as Error).name}`;
  }
}

function nameOfThrown(act: () => unknown): string {
  try {
    act();
    return "nothing";
  } catch (error) {
    return (error as Error).name;
  }
}
