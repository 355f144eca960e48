import { EventStreamError } from "@ssekit/codec";
import {
  type Attempt,
  type ClientEvent,
  type ClientGap,
  DEFAULT_IDLE_TIMEOUT,
  type EventSourceClientOptions,
  type EventTypes,
  type LastEventIdStore,
  type ResumeRequest,
} from "./client-options.ts";
import type { ClientCloseReason, ClientState } from "./client-state.ts";
import { systemClock } from "./clock.ts";
import { Connection, type Disconnection } from "./connection.ts";
import { ANY, COMMENT, Delivery, GAP, STATE } from "./delivery.ts";
import { EventReader } from "./event-reader.ts";
import { eventStreamHeaders } from "./event-stream-headers.ts";
import { resolveUrl } from "./resolve-url.ts";
import { RetryCount } from "./retry-count.ts";
import { Watch } from "./watch.ts";

/** The calls of `refresh` that are under way. */
const refreshing = new WeakMap<object, Promise<unknown>>();

const WAKE_EVENTS = ["online", "pageshow", "visibilitychange"];

/**
 * A client of event streams that survives the real world: it sends what a request needs, tries again with a random and
 * growing wait, notices dead connections, and goes on where it stopped.
 *
 * Events are read at the pace of who iterates, and not before someone listens or iterates. Leaving the loop closes the
 * client. A failure for good rejects the loop; where there is none it is told to `onError`.
 *
 * @typeParam Events the type of the data of each event type; text by default.
 *
 * @example
 * ```ts
 * import { EventSourceClient } from "@ssekit/client";
 *
 * const client = new EventSourceClient("http://localhost:8080/events", { headers: { authorization: "Bearer 1" } });
 * for await (const { type, data } of client) console.log(type, data);
 * ```
 */
export class EventSourceClient<Events extends EventTypes = Record<string, string>>
  implements AsyncIterable<ClientEvent<Events>>, AsyncDisposable
{
  /** The URL, parsed and serialized. */
  readonly url: string;
  /** Fulfils with the last state once the client is closed, however it was. */
  readonly closed: Promise<ClientState>;
  readonly #options: EventSourceClientOptions<Events>;
  readonly #onError: (error: unknown) => void;
  readonly #delivery: Delivery;
  readonly #reader: EventReader;
  readonly #retries: RetryCount;
  readonly #watch: Watch;
  readonly #connection: Connection;
  readonly #store: LastEventIdStore | undefined;
  readonly #closing = new AbortController();
  #resolveClosed: (state: ClientState) => void = () => {};
  #state: ClientState = {
    readyState: 0,
    attempt: 1,
    disconnection: undefined,
    nextAttemptAt: undefined,
    closeReason: undefined,
  };
  #lastEventId = "";
  #started = false;
  #refreshed = false;
  /** What is different in the next request. */
  #resumed: ResumeRequest = {};

  /**
   * Begins to connect.
   *
   * @throws {DOMException} A `SyntaxError`, if the URL can't be parsed.
   */
  constructor(url: string | URL, options: EventSourceClientOptions<Events> = {}) {
    const { lastEventId, retry, clock = systemClock, signal, onError = console.error } = options;
    this.url = resolveUrl(url);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#options = options;
    this.#onError = (error) => {
      try {
        onError(error);
      } catch (thrown) {
        console.error(thrown);
      }
    };
    if (typeof lastEventId === "object") this.#store = lastEventId;
    else this.#lastEventId = lastEventId ?? "";
    this.#retries = new RetryCount(retry || {}, clock);
    this.#delivery = new Delivery({
      onHandled: (id) => this.#keep(id),
      onError: this.#onError,
      onLeave: () => this.close(),
    });
    this.#reader = new EventReader(this.#delivery, {
      ...options,
      decode: (type, data) => {
        const { events, parse = events && JSON.parse } = options;
        const value = parse ? parse(data) : data;
        return events ? events.validate(type as never, value) : value;
      },
      onError: this.#onError,
      onReconnectionTime: (ms) => this.#retries.askFor(ms),
      onEnd: () => this.#close("end"),
    });
    this.#watch = new Watch({
      clock,
      idleTimeout: options.idleTimeout ?? (this.#repeatable ? DEFAULT_IDLE_TIMEOUT : 0),
      onIdle: () => this.#connection.interrupt({ reason: "idle" }),
      onSlept: () => this.#wake({ slept: true }),
    });
    // A window, which `visibilitychange` reaches from the document; elsewhere nothing fires these.
    const { wakeOn = globalThis as Partial<EventTarget> } = options;
    const wake = (): void => this.#wake({ slept: false });
    const untilClosed = { signal: this.#closing.signal };
    for (const type of WAKE_EVENTS) wakeOn?.addEventListener?.(type, wake, untilClosed);
    signal?.addEventListener("abort", () => this.close(), untilClosed);
    this.#connection = new Connection(
      {
        request: (aborted) => this.#request(aborted),
        onOpen: () => this.#open(),
        onChunk: (chunk) => this.#read(chunk),
        onDisconnect: (disconnection) => this.#disconnect(disconnection),
      },
      clock,
    );
    if (signal?.aborted) this.close();
  }

  /** 0 while it connects or waits to, 1 while it is connected, 2 once it is closed. */
  get readyState(): 0 | 1 | 2 {
    return this.#state.readyState;
  }

  /** What it is doing: the same object until that changes. */
  get state(): ClientState {
    return this.#state;
  }

  /** The last event ID of what has been handled: of a loop, when it asks for the next event. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Listens to the events of a type, until the function that it returns is called. */
  on<Type extends keyof Events & string>(
    type: Type,
    listener: (event: ClientEvent<Events, Type>) => unknown,
  ): () => void {
    return this.#delivery.add(type, listener);
  }

  /** Listens to all events, until the function that it returns is called. */
  onAny(listener: (event: ClientEvent<Events>) => unknown): () => void {
    return this.#delivery.add(ANY, listener);
  }

  /** Listens to the losses that a hub of ssekit tells of. */
  onGap(listener: (gap: ClientGap) => unknown): () => void {
    return this.#delivery.add(GAP, listener);
  }

  /** Listens to comments, such as heartbeats. */
  onComment(listener: (comment: string) => unknown): () => void {
    return this.#delivery.add(COMMENT, listener);
  }

  /** Listens to changes of `state`. */
  onState(listener: (state: ClientState) => unknown): () => void {
    return this.#delivery.add(STATE, listener);
  }

  /** Leaves the connection for a new one, at once, or ends the wait for it. */
  reconnect(): void {
    this.#connection.hurry();
    this.#connection.interrupt({ reason: "reconnect" });
  }

  /** Closes it, at once and for good. Nothing is delivered after it. */
  close(): void {
    this.#close("client");
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.closed;
  }

  /**
   * The events, from now on; once for each client.
   *
   * @throws {TypeError} If it was iterated before.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<ClientEvent<Events>> {
    return this.#delivery[Symbol.asyncIterator]() as AsyncIterableIterator<unknown> as AsyncIterableIterator<
      ClientEvent<Events>
    >;
  }

  get #repeatable(): boolean {
    const { method = "GET", resume, retry } = this.#options;
    return retry !== false && (method.toUpperCase() === "GET" || resume !== undefined);
  }

  get #attempt(): Attempt {
    const { attempt, disconnection } = this.#state;
    return { attempt, lastEventId: this.#reader.lastEventId, disconnection };
  }

  async #request(signal: AbortSignal): Promise<Response> {
    this.#setState({ nextAttemptAt: undefined });
    await this.#start();
    const { headers, lastEventIdParameter, method, body, credentials, fetch = globalThis.fetch } = this.#options;
    const { lastEventId } = this.#reader;
    const given = typeof headers === "function" ? await headers(this.#attempt) : headers;
    signal.throwIfAborted();
    this.#watch.start({ idle: true });
    this.#retries.begin();
    const url = new URL(this.#resumed.url ?? this.url, this.url);
    if (lastEventIdParameter !== undefined && lastEventId !== "")
      url.searchParams.set(lastEventIdParameter, lastEventId);
    return fetch(url.href, {
      method,
      body,
      credentials,
      ...this.#resumed,
      headers: eventStreamHeaders(lastEventIdParameter === undefined ? lastEventId : "", given),
      cache: "no-store",
      signal,
    } as RequestInit);
  }

  async #start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    try {
      if (this.#store !== undefined) this.#lastEventId = (await this.#store.get()) ?? "";
    } catch (error) {
      this.#onError(error);
    }
    this.#reader.begin(this.#lastEventId);
  }

  async #open(): Promise<void> {
    this.#refreshed = false;
    this.#retries.open();
    this.#reader.begin(this.#reader.lastEventId);
    this.#setState({ readyState: 1 });
    await this.#wanted();
  }

  async #read(chunk: Uint8Array): Promise<void> {
    try {
      await this.#reader.feed(chunk);
    } catch (error) {
      this.#connection.interrupt({ reason: "event-too-large", error });
    }
    await this.#wanted();
  }

  /** What nobody reads can't be idle. */
  async #wanted(): Promise<void> {
    this.#watch.start({ idle: false });
    await this.#delivery.wanted();
    if (this.#state.readyState === 1) this.#watch.start({ idle: true });
  }

  async #disconnect(disconnection: Disconnection): Promise<number | undefined> {
    const { reason, response } = disconnection;
    this.#watch.start({ idle: false });
    this.#reader.stop();
    this.#retries.end();
    this.#setState({ readyState: 0, disconnection, attempt: this.#retries.attempt });
    if (response?.status === 204) return this.#close("end");
    if ((response?.status === 401 || response?.status === 403) && (await this.#refresh(response))) {
      // At once, but not again and again where no token is taken for long.
      if (this.#retries.attempt <= 2) return 0;
    } else {
      if (!this.#repeatable) return reason === "end" ? this.#close("end") : this.#fail(disconnection);
      if (await this.#retries.isFinal(disconnection)) return this.#fail(disconnection);
    }
    const { resume } = this.#options;
    const resumed = typeof resume === "function" ? resume(this.#attempt) : {};
    if (resumed === undefined) return this.#close("end");
    this.#resumed = resumed;
    const delay = this.#retries.delayAfter(disconnection);
    this.#setState({ nextAttemptAt: (this.#options.clock ?? systemClock).now() + delay });
    return delay;
  }

  /** Whether there is a new token to try. */
  async #refresh(response: Response): Promise<boolean> {
    const { refresh } = this.#options;
    if (refresh === undefined || this.#refreshed) return false;
    this.#refreshed = true;
    const underWay = refreshing.get(refresh) ?? Promise.resolve(response).then(refresh);
    refreshing.set(refresh, underWay);
    try {
      await underWay;
      return true;
    } catch (error) {
      this.#onError(error);
      return false;
    } finally {
      refreshing.delete(refresh);
    }
  }

  #wake({ slept }: { slept: boolean }): void {
    if (this.#state.nextAttemptAt !== undefined) {
      if (this.#retries.mayHurry()) this.#connection.hurry();
      else this.#watch.start({ idle: false });
    } else if (slept) {
      this.#connection.interrupt({ reason: "asleep" });
    }
  }

  #keep(lastEventId: string): void {
    if (lastEventId === this.#lastEventId) return;
    this.#lastEventId = lastEventId;
    if (this.#store === undefined) return;
    const set = async (): Promise<unknown> => this.#store?.set(lastEventId);
    set().catch(this.#onError);
  }

  #fail(disconnection: Disconnection): undefined {
    const message = `Cannot keep the event stream of ${this.url}: ${describe(disconnection)}; mend that`;
    const error = new EventStreamError("connection-failed", message, { cause: disconnection.error ?? disconnection });
    this.#close("error", { error });
    if (!this.#delivery.iterating) this.#onError(error);
  }

  #close(closeReason: ClientCloseReason, failure?: { readonly error: unknown }): undefined {
    if (this.#state.readyState === 2) {
      // Who leaves the loop of a client that has ended wants nothing of what is left.
      if (closeReason === "client") this.#delivery.stop();
      return;
    }
    this.#connection.close();
    this.#reader.stop();
    this.#watch.stop();
    this.#closing.abort();
    if (closeReason === "client") this.#delivery.stop();
    else this.#delivery.end(failure);
    this.#setState({ readyState: 2, nextAttemptAt: undefined, closeReason });
    this.#resolveClosed(this.#state);
  }

  #setState(change: Partial<ClientState>): void {
    const changed = Object.entries(change).some(([key, value]) => this.#state[key as keyof ClientState] !== value);
    if (!changed) return;
    this.#state = { ...this.#state, ...change };
    this.#delivery.tell(STATE, this.#state);
  }
}

function describe({ reason, response, error }: Disconnection): string {
  const what = reason === "status" ? response?.status : (response?.headers.get(reason) ?? error);
  return what === undefined ? reason : `${reason} (${what})`;
}
