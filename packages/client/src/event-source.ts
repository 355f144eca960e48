import { createParser, type DispatchedEvent } from "@ssekit/codec";
import { type Clock, MAX_TIMER, systemClock } from "./clock.ts";
import { Connection, type Disconnection } from "./connection.ts";
import { eventStreamHeaders } from "./event-stream-headers.ts";
import { nextTask, queueTask } from "./queue-task.ts";
import { resolveUrl } from "./resolve-url.ts";

/** Milliseconds that an `EventSource` waits before it reconnects, until the stream sets another time. */
export const DEFAULT_RECONNECTION_TIME = 3_000;

/** The least reconnection time in milliseconds that an `EventSource` takes from a stream. */
export const MIN_RECONNECTION_TIME = 50;

/** Milliseconds up to which that least time doubles while connections are short-lived. */
export const MAX_RECONNECTION_FLOOR = 5_000;

/** Connections that live for fewer milliseconds are short-lived. */
const SHORT_LIFE = 1_000;
/** The floor doubles with each of them; begun here, it passes the least time with the fifth. */
const FIRST_FLOOR = MIN_RECONNECTION_TIME / 16;

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/** The dictionary of the constructor. All but `withCredentials` is an addition to the standard's. */
export interface EventSourceInit {
  /** Whether credentials go to other origins too; they go to the page's own in any case. `false` by default. */
  withCredentials?: boolean | undefined;
  /** Sends the requests; the global `fetch` by default. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Time; the runtime's by default. */
  clock?: Clock | undefined;
}

/** What an event handler attribute holds. */
export type EventSourceHandler<E extends Event> = ((this: EventSource, event: E) => unknown) | null;

/**
 * `EventSource` as WHATWG HTML 9.2 defines it, on `fetch`.
 *
 * The reconnection time is honoured from 50 ms up to 2 147 483 647 ms; after five connections in a row that each lived
 * under a second the least time doubles, up to 5 s, so that no server makes a loop. A new stream continues from the last
 * event ID of the one before it, as in browsers. `isTrusted` is false, for only a browser makes events that are trusted;
 * and a response that CORS forbids is asked for again, for `fetch` does not tell it from a broken network.
 *
 * @example
 * ```ts
 * import { EventSource } from "@ssekit/client/eventsource";
 *
 * const source = new EventSource("http://localhost:8080/events");
 * source.onmessage = ({ data, lastEventId }) => console.log(data, lastEventId);
 * source.onerror = () => source.readyState === EventSource.CLOSED && console.log("It is over");
 * ```
 */
export class EventSource extends EventTarget {
  /** The connection is being established. */
  declare static readonly CONNECTING: 0;
  /** Events are dispatched as they come. */
  declare static readonly OPEN: 1;
  /** The connection was closed, or has failed. */
  declare static readonly CLOSED: 2;
  /** The connection is being established. */
  declare readonly CONNECTING: 0;
  /** Events are dispatched as they come. */
  declare readonly OPEN: 1;
  /** The connection was closed, or has failed. */
  declare readonly CLOSED: 2;

  static {
    const { prototype } = EventSource;
    // What an interface has is enumerable, what a class has is not. The first name is the constructor's.
    for (const name of Object.getOwnPropertyNames(prototype).slice(1)) {
      Object.defineProperty(prototype, name, { enumerable: true });
    }
    const constants = {
      CONNECTING: { value: CONNECTING, enumerable: true },
      OPEN: { value: OPEN, enumerable: true },
      CLOSED: { value: CLOSED, enumerable: true },
    };
    Object.defineProperties(EventSource, constants);
    Object.defineProperties(prototype, constants);
    Object.defineProperty(prototype, Symbol.toStringTag, { value: "EventSource", configurable: true });
  }

  readonly #url: string;
  readonly #withCredentials: boolean;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #handlers = new Map<string, EventSourceHandler<never>>();
  #readyState: 0 | 1 | 2 = CONNECTING;
  #origin = "";
  #reconnectionTime = DEFAULT_RECONNECTION_TIME;
  #openedAt = 0;
  #floor = FIRST_FLOOR;

  /**
   * Opens a stream, at once.
   *
   * @throws {TypeError} Without a URL.
   * @throws {DOMException} A `SyntaxError`, if the URL can't be parsed.
   */
  constructor(url: string | URL, init: EventSourceInit = {}) {
    super();
    // biome-ignore lint/complexity/noArguments: an `undefined` that is given is a URL, and `length` must be 1
    if (arguments.length === 0) throw new TypeError("Cannot construct an EventSource: give a URL");
    this.#url = resolveUrl(url);
    const { withCredentials, fetch = globalThis.fetch, clock = systemClock } = init ?? {};
    this.#withCredentials = Boolean(withCredentials);
    this.#clock = clock;
    const parser = createParser({
      // A task for each, though it is about a third of what an event costs on Deno and Bun: only at its end has all run
      // that the handlers left to microtasks. Queued before the chunk's end is, so that the next one is read when all is
      // dispatched.
      onEvent: (event) => queueTask(() => this.#dispatch(event)),
      onReconnectionTime: (ms) => {
        this.#reconnectionTime = ms;
      },
    });
    this.#connection = new Connection(
      {
        request: async (signal) => {
          parser.end();
          return fetch(this.#url, {
            headers: eventStreamHeaders(parser.lastEventId),
            cache: "no-store",
            credentials: this.#withCredentials ? "include" : "same-origin",
            signal,
          });
        },
        onOpen: (response) => this.#announce(response),
        onChunk: async (chunk) => {
          parser.feed(chunk);
          await nextTask();
        },
        onDisconnect: (disconnection) => this.#reestablish(disconnection),
      },
      clock,
    );
  }

  /** The URL, parsed and serialized; a redirection does not change it. */
  get url(): string {
    return this.#url;
  }

  /** Whether credentials go to other origins too. */
  get withCredentials(): boolean {
    return this.#withCredentials;
  }

  /** `CONNECTING` (0), `OPEN` (1) or `CLOSED` (2). */
  get readyState(): 0 | 1 | 2 {
    return this.#readyState;
  }

  /** Called when a connection is open. */
  get onopen(): EventSourceHandler<Event> {
    return this.#handler("open");
  }
  set onopen(handler: EventSourceHandler<Event>) {
    this.#setHandler("open", handler);
  }

  /** Called with each event whose type is `message`. */
  get onmessage(): EventSourceHandler<MessageEvent<string>> {
    return this.#handler("message");
  }
  set onmessage(handler: EventSourceHandler<MessageEvent<string>>) {
    this.#setHandler("message", handler);
  }

  /** Called when a connection is lost, which `readyState` `CONNECTING` tells, or has failed for good. */
  get onerror(): EventSourceHandler<Event> {
    return this.#handler("error");
  }
  set onerror(handler: EventSourceHandler<Event>) {
    this.#setHandler("error", handler);
  }

  /** Closes the connection for good. Nothing is dispatched after it. */
  close(): void {
    this.#readyState = CLOSED;
    this.#connection.close();
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#announce-the-connection */
  async #announce({ url }: Response): Promise<void> {
    await nextTask();
    if (this.#readyState === CLOSED) return;
    this.#readyState = OPEN;
    this.#openedAt = this.#clock.now();
    // "the serialization of the origin of the event stream's final URL (i.e., the URL after redirects)"
    this.#origin = new URL(url || this.#url).origin;
    this.dispatchEvent(new Event("open"));
  }

  #dispatch({ type, data, lastEventId }: DispatchedEvent): void {
    if (this.#readyState === CLOSED) return;
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin: this.#origin }));
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#reestablish-the-connection, or #fail-the-connection */
  async #reestablish({ reason, response }: Disconnection): Promise<number | undefined> {
    // "if res is a network error, then reestablish the connection, unless the user agent knows that to be futile"
    const failed = response !== undefined || (reason === "network-error" && !/^https?:/.test(this.#url));
    await nextTask();
    if (this.#readyState === CLOSED) return undefined;
    const longLived = this.#readyState === OPEN && this.#clock.now() - this.#openedAt >= SHORT_LIFE;
    this.#floor = longLived ? FIRST_FLOOR : Math.min(this.#floor * 2, MAX_RECONNECTION_FLOOR);
    this.#readyState = failed ? CLOSED : CONNECTING;
    if (failed) this.#connection.close();
    this.dispatchEvent(new Event("error"));
    return Math.min(Math.max(this.#reconnectionTime, this.#floor, MIN_RECONNECTION_TIME), MAX_TIMER);
  }

  #handler<E extends Event>(type: string): EventSourceHandler<E> {
    return (this.#handlers.get(type) as EventSourceHandler<E> | undefined) ?? null;
  }

  /** https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes */
  #setHandler(type: string, handler: EventSourceHandler<never>): void {
    // An object is kept, though only a function is called; whatever else is given counts as null.
    if (Object(handler) === handler) {
      this.#handlers.set(type, handler);
      // One that is there keeps its place.
      this.addEventListener(type, this.#callHandler);
    } else {
      this.#handlers.delete(type);
      this.removeEventListener(type, this.#callHandler);
    }
  }

  readonly #callHandler = (event: Event): void => {
    const handler = this.#handlers.get(event.type);
    if (typeof handler === "function") handler.call(this, event as never);
  };
}
