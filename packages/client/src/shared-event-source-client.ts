import { EventStreamError } from "@ssekit/codec";
import type { ClientEvent, ClientGap, EventSourceClientOptions, EventTypes } from "./client-options.ts";
import type { ClientCloseReason, ClientState } from "./client-state.ts";
import { systemClock } from "./clock.ts";
import { ANY, Delivery, GAP, STATE } from "./delivery.ts";
import { EventSourceClient } from "./event-source-client.ts";
import { resolveUrl } from "./resolve-url.ts";

/** How many events a tab remembers: to drop repeats, and to tell them again when it takes over. */
const REMEMBERED = 64;

/** Milliseconds for which a tab keeps the lock when the stream is over, so that the others hear of it before they lead. */
const TOLD = 1_000;

/** Options of a `SharedEventSourceClient`: those of an `EventSourceClient` that all tabs can share. */
export interface SharedEventSourceClientOptions<Events extends EventTypes = Record<string, string>>
  extends Omit<EventSourceClientOptions<Events>, "lastEventId" | "dedupeWindow"> {
  /** Tabs share what has the same name; the URL by default. Streams of several users need names of their own. */
  readonly name?: string | undefined;
}

/** What a shared connection is doing, as each tab sees it. A new object for each change. */
export interface SharedState extends Pick<ClientState, "readyState" | "attempt" | "nextAttemptAt" | "closeReason"> {
  /** Whether this tab has the connection. */
  readonly leading: boolean;
  /** Why the connection before was lost; `undefined` before the first loss. */
  readonly reason: string | undefined;
}

/** What the leading tab tells the others. */
type Message =
  | { readonly kind: "event"; readonly key: string; readonly at: number; readonly event: ClientEvent }
  | { readonly kind: "gap"; readonly gap: ClientGap }
  | { readonly kind: "id"; readonly lastEventId: string }
  | { readonly kind: "state"; readonly state: Partial<SharedState> }
  | { readonly kind: "hello" };

/**
 * A client whose connection all tabs of an origin share, by URL. One tab has the connection, which a Web Lock decides;
 * it tells the others of each event over a BroadcastChannel. When it goes, the next one has the lock at once and
 * continues after the last event that it heard of. Where a page has no locks or channels, it has a connection of its own.
 *
 * A tab gets the events that come while it is open, at the pace at which they come. Data that is no text has to be
 * cloneable. The options of the tab that leads count for all, save `onError`.
 *
 * @typeParam Events the type of the data of each event type; text by default.
 *
 * @example
 * ```ts
 * import { SharedEventSourceClient } from "@ssekit/client/shared";
 *
 * const client = new SharedEventSourceClient("https://example.com/events");
 * client.on("message", ({ data }) => console.log(data));
 * ```
 */
export class SharedEventSourceClient<Events extends EventTypes = Record<string, string>> implements AsyncDisposable {
  /** The URL, parsed and serialized. */
  readonly url: string;
  /** Fulfils with the last state once the client is closed, however it was. */
  readonly closed: Promise<SharedState>;
  readonly #options: SharedEventSourceClientOptions<Events>;
  readonly #delivery: Delivery;
  readonly #closing = new AbortController();
  readonly #onError: (error: unknown) => void;
  #channel: BroadcastChannel | undefined;
  #resolveClosed: (state: SharedState) => void = () => {};
  #state: SharedState = {
    leading: false,
    readyState: 0,
    attempt: 1,
    nextAttemptAt: undefined,
    closeReason: undefined,
    reason: undefined,
  };
  #lastEventId = "";
  readonly #joinedAt = Date.now();
  /** The events that came last, oldest first, by what tells them apart. */
  readonly #recent = new Map<string, Message>();

  /**
   * Begins to take part.
   *
   * @throws {DOMException} A `SyntaxError`, if the URL can't be parsed.
   */
  constructor(url: string | URL, options: SharedEventSourceClientOptions<Events> = {}) {
    this.url = resolveUrl(url);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#options = options;
    this.#onError = options.onError ?? console.error;
    this.#delivery = new Delivery({ onHandled: () => {}, onError: this.#onError, onLeave: () => {} });
    const { name = this.url, signal } = options;
    signal?.addEventListener("abort", () => this.close(), { signal: this.#closing.signal });
    if (signal?.aborted) this.close();
    else void this.#join(`ssekit ${name}`);
  }

  /** 0 while it connects or waits to, 1 while it is connected, 2 once it is closed. */
  get readyState(): 0 | 1 | 2 {
    return this.#state.readyState;
  }

  /** What the connection is doing: the same object until that changes. */
  get state(): SharedState {
    return this.#state;
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

  /** Listens to changes of `state`. */
  onState(listener: (state: SharedState) => unknown): () => void {
    return this.#delivery.add(STATE, listener);
  }

  /** Leaves; the connection goes on in another tab, if there is one. */
  close(): void {
    this.#close("client");
  }

  /** Leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.closed;
  }

  /** Waits for the lock, and leads while it has it. Where there is none to have, it leads alone. */
  async #join(name: string): Promise<void> {
    const { signal } = this.#closing;
    try {
      const { locks } = navigator;
      if (locks === undefined) throw new TypeError("Cannot share a connection: there are no locks");
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }) => this.#hear(data as Message);
      this.#channel.postMessage({ kind: "hello" } satisfies Message);
      await locks.request(name, { signal }, () => this.#lead());
    } catch {
      if (signal.aborted) return;
      this.#channel?.close();
      this.#channel = undefined;
      await this.#lead();
    }
  }

  async #lead(): Promise<void> {
    const { signal } = this.#closing;
    const { clock = systemClock } = this.#options;
    if (signal.aborted) return;
    // What the tab that led before told this one, and perhaps not all.
    for (const message of this.#recent.values()) this.#channel?.postMessage(message);
    let told = 0;
    let before = this.#lastEventId;
    const term = Math.random();
    const client = new EventSourceClient<Events>(this.url, {
      ...this.#options,
      signal,
      lastEventId: {
        get: () => before,
        set: (id) => id === this.#lastEventId || this.#tell({ kind: "id", lastEventId: id }),
      },
      onError: (error) => client.readyState === 2 || this.#onError(error),
    });
    client.onAny((event) => {
      const { lastEventId } = event;
      // An event without an id of its own can't come again.
      const key = lastEventId === before ? `${term} ${told++}` : `id ${lastEventId}`;
      before = lastEventId;
      this.#tell({ kind: "event", key, at: Date.now(), event: event as ClientEvent });
    });
    client.onGap((gap) => this.#tell({ kind: "gap", gap }));
    const tellState = ({ readyState, attempt, nextAttemptAt, closeReason, disconnection }: ClientState): void => {
      if (closeReason === "client") return;
      const state = { readyState, attempt, nextAttemptAt, closeReason, reason: disconnection?.reason };
      this.#tell({ kind: "state", state });
    };
    this.#setState({ leading: true });
    tellState(client.state);
    client.onState(tellState);
    const { closeReason } = await client.closed;
    if (closeReason !== "client") await new Promise<void>((resolve) => clock.after(TOLD, resolve));
  }

  /** Tells the other tabs, and this one. */
  #tell(message: Message): void {
    try {
      this.#channel?.postMessage(message);
    } catch (error) {
      // Whatever else goes wrong is the runtime's: Deno's channels fail once others were closed.
      // What can't be cloned is a DataCloneError, in Deno a TypeError that says so.
      if (/clone/i.test(`${error}`)) this.#onError(error);
    }
    this.#hear(message);
  }

  #hear(message: Message): void {
    if (message.kind === "event") this.#take(message);
    else if (message.kind === "gap") this.#delivery.tell(GAP, message.gap);
    else if (message.kind === "id") this.#lastEventId = message.lastEventId;
    else if (message.kind === "state") {
      this.#setState({ ...message.state, leading: this.#state.leading });
      const { closeReason } = message.state;
      if (closeReason !== undefined) this.#close(closeReason);
    } else if (this.#state.leading) {
      this.#channel?.postMessage({ kind: "state", state: this.#state } satisfies Message);
    }
  }

  #take(message: Extract<Message, { kind: "event" }>): void {
    const { key, at, event } = message;
    // A tab that takes over tells again what others had before this one was there.
    if (at < this.#joinedAt || this.#recent.has(key)) return;
    this.#recent.set(key, message);
    if (this.#recent.size > REMEMBERED) this.#recent.delete(this.#recent.keys().next().value as string);
    this.#lastEventId = event.lastEventId;
    this.#delivery.give(event);
  }

  #close(closeReason: ClientCloseReason): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#channel?.close();
    this.#delivery.stop();
    this.#setState({ readyState: 2, leading: false, nextAttemptAt: undefined, closeReason });
    this.#resolveClosed(this.#state);
    if (closeReason !== "error") return;
    const message = `Cannot keep the event stream of ${this.url}: ${this.#state.reason}; mend that`;
    this.#onError(new EventStreamError("connection-failed", message));
  }

  #setState(change: Partial<SharedState>): void {
    this.#state = { ...this.#state, ...change };
    this.#delivery.tell(STATE, this.#state);
  }
}
