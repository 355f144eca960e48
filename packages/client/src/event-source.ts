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

/** After how many short-lived connections in a row the floor doubles, and how many milliseconds are short. */
const SHORT_LIVES = 5;
const SHORT_LIFE = 1_000;

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

interface RegisteredHandler {
  handler: EventSourceHandler<never>;
  readonly listener: (event: Event) => void;
}

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
    for (const [value, name] of ["CONNECTING", "OPEN", "CLOSED"].entries()) {
      for (const owner of [EventSource, prototype]) Object.defineProperty(owner, name, { value, enumerable: true });
    }
    // What an interface has is enumerable, what a class has is not.
    for (const name of ["url", "withCredentials", "readyState", "onopen", "onmessage", "onerror", "close"]) {
      Object.defineProperty(prototype, name, { enumerable: true });
    }
    Object.defineProperty(prototype, Symbol.toStringTag, { value: "EventSource", configurable: true });
  }

  readonly #url: string;
  readonly #withCredentials: boolean;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #handlers = new Map<string, RegisteredHandler>();
  #readyState: 0 | 1 | 2 = CONNECTING;
  #origin = "";
  /** The events of the chunk that is read. */
  #events: DispatchedEvent[] = [];
  #reconnectionTime = DEFAULT_RECONNECTION_TIME;
  #openedAt = 0;
  #shortLives = 0;

  /**
   * Opens a stream, at once.
   *
   * @throws {TypeError} Without a URL.
   * @throws {DOMException} A `SyntaxError`, if the URL can't be parsed.
   */
  constructor(url: string | URL, init: EventSourceInit = {}) {
    super();
    // biome-ignore lint/complexity/noArguments: an `undefined` that is given is a URL, and `length` must be 1
    if (arguments.length === 0) throw new TypeError("Cannot construct an EventSource: it needs a URL");
    this.#url = resolveUrl(url);
    const { withCredentials, fetch, clock = systemClock } = init ?? {};
    this.#withCredentials = Boolean(withCredentials);
    this.#clock = clock;
    const parser = createParser({
      onEvent: (event) => this.#events.push(event),
      onReconnectionTime: (ms) => {
        this.#reconnectionTime = ms;
      },
    });
    const face = {
      request: async (signal: AbortSignal) =>
        (fetch ?? globalThis.fetch)(this.#url, {
          headers: eventStreamHeaders(this.#url, parser.lastEventId),
          cache: "no-store",
          credentials: this.#withCredentials ? "include" : "same-origin",
          signal,
        }),
      onOpen: async (response: Response) => {
        parser.end();
        await this.#announce(response);
      },
      onChunk: async (chunk: Uint8Array) => {
        parser.feed(chunk);
        for (const event of this.#events) queueTask(() => this.#dispatch(event));
        this.#events = [];
        await nextTask();
      },
      onDisconnect: (disconnection: Disconnection) => this.#reestablish(disconnection),
    };
    this.#connection = new Connection(face, clock);
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
    const lived = this.#readyState === OPEN ? this.#clock.now() - this.#openedAt : 0;
    await nextTask();
    if (this.#readyState === CLOSED) return undefined;
    this.#readyState = failed ? CLOSED : CONNECTING;
    if (failed) this.#connection.close();
    this.dispatchEvent(new Event("error"));
    this.#shortLives = lived < SHORT_LIFE ? this.#shortLives + 1 : 0;
    const floor = MIN_RECONNECTION_TIME * 2 ** Math.max(0, this.#shortLives - SHORT_LIVES);
    return Math.min(Math.max(this.#reconnectionTime, Math.min(floor, MAX_RECONNECTION_FLOOR)), MAX_TIMER);
  }

  #handler<E extends Event>(type: string): EventSourceHandler<E> {
    return (this.#handlers.get(type)?.handler ?? null) as EventSourceHandler<E>;
  }

  /** https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes */
  #setHandler(type: string, value: EventSourceHandler<never>): void {
    const handler = typeof value === "function" || typeof value === "object" ? value : null;
    const registered = this.#handlers.get(type);
    if (registered !== undefined && handler !== null) {
      registered.handler = handler;
    } else if (registered !== undefined) {
      this.#handlers.delete(type);
      this.removeEventListener(type, registered.listener);
    } else if (handler !== null) {
      const added: RegisteredHandler = {
        handler,
        listener: (event) => typeof added.handler === "function" && added.handler.call(this, event as never),
      };
      this.#handlers.set(type, added);
      this.addEventListener(type, added.listener);
    }
  }
}
