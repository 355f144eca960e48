import type { ClientEvent, ClientGap, EventSourceClientOptions, EventTypes } from "./client-options.ts";
import type { ClientState } from "./client-state.ts";
import { systemClock } from "./clock.ts";
import { EventSourceClient } from "./event-source-client.ts";
import { queueTask } from "./queue-task.ts";

/** Milliseconds for which a connection that nobody uses is kept, for a component that is mounted anew. */
const LINGER = 1_000;

/** What a connection is doing: `reconnecting` is what it is after a loss, until it is open again or closed. */
export type EventSourceStatus = "connecting" | "open" | "reconnecting" | "closed";

/** A stream as a component sees it. A new object for each change. */
export interface EventSourceView<Events extends EventTypes = Record<string, string>> extends ClientState {
  /** In a word, what the connection is doing. */
  readonly status: EventSourceStatus;
  /** The event of each type that came last. */
  readonly last: { readonly [Type in keyof Events]?: ClientEvent<Events, Type> };
  /** The loss that a hub of ssekit told of last. */
  readonly gap: ClientGap | undefined;
  /** Leaves the connection for a new one, or ends the wait for it. */
  readonly reconnect: () => void;
}

/** What a component sees of a connection that is not there yet. */
export const CONNECTING_VIEW: EventSourceView = {
  status: "connecting",
  readyState: 0,
  attempt: 1,
  disconnection: undefined,
  nextAttemptAt: undefined,
  closeReason: undefined,
  last: {},
  gap: undefined,
  reconnect: () => {},
};

/** What a component sees that asks for none. */
export const CLOSED_VIEW: EventSourceView = { ...CONNECTING_VIEW, status: "closed", readyState: 2 };

/** What a component hears with. */
interface PageListener {
  onChange(): void;
  onEvent(event: ClientEvent): unknown;
  onGap(gap: ClientGap): unknown;
}

/** A connection that the components of a page share: open while someone has joined it, and a moment longer. */
export class PageConnection {
  static readonly #all = new Map<string, PageConnection>();
  /** What a component sees. */
  view: EventSourceView = CONNECTING_VIEW;
  /** What one sees that hears of each event: it changes by none. */
  viewWithoutEvents: EventSourceView = CONNECTING_VIEW;
  readonly #key: string;
  /** The client looks into it whenever it calls a function, which so is the newest. */
  readonly #options: EventSourceClientOptions;
  readonly #client: EventSourceClient;
  readonly #tellers = new Set<() => void>();
  readonly #last: Record<string, ClientEvent> = {};
  readonly #reconnect = (): void => this.#client.reconnect();
  #seen: ClientState | undefined;
  #gap: ClientGap | undefined;
  #willTell = false;
  #stay: () => void = () => {};

  /**
   * Begins to connect.
   *
   * @throws {DOMException} A `SyntaxError`, if the URL can't be parsed.
   */
  constructor(url: string | URL, key: string, options: object) {
    this.#key = key;
    this.#options = { ...options };
    this.#client = new EventSourceClient(url, this.#options);
    this.#client.onAny((event) => {
      this.#last[event.type] = event;
      this.#change();
    });
    this.#client.onGap((gap) => {
      this.#gap = gap;
      this.#change();
    });
    this.#client.onState(() => this.#change());
    this.#look();
    PageConnection.#all.set(key, this);
  }

  /** The connection that is shared by a key, if there is one. */
  static find(key: string): PageConnection | undefined {
    return PageConnection.#all.get(key);
  }

  /** Takes the functions of newer options. */
  renew(options: object): void {
    Object.assign(this.#options, options);
  }

  /** Uses the connection, until the function that it returns is called. */
  join({ onChange, onEvent, onGap }: PageListener): () => void {
    this.#stay();
    this.#tellers.add(onChange);
    const stops = [this.#client.onAny(onEvent), this.#client.onGap(onGap)];
    return () => {
      for (const stop of stops) stop();
      this.#tellers.delete(onChange);
      if (this.#tellers.size > 0) return;
      const { clock = systemClock } = this.#options;
      if (this.#client.readyState === 2) this.#leave();
      else this.#stay = clock.after(LINGER, () => this.#leave());
    };
  }

  #leave(): void {
    PageConnection.#all.delete(this.#key);
    this.#client.close();
  }

  /** Lets those who joined look again, once for all that this task brings. */
  #change(): void {
    if (this.#willTell) return;
    this.#willTell = true;
    queueTask(() => {
      this.#willTell = false;
      this.#look();
      for (const tell of this.#tellers) tell();
    });
  }

  #look(): void {
    const { state } = this.#client;
    if (state !== this.#seen || this.#gap !== this.viewWithoutEvents.gap) {
      this.#seen = state;
      const reconnect = this.#reconnect;
      this.viewWithoutEvents = { ...state, status: statusOf(state), last: {}, gap: this.#gap, reconnect };
    }
    this.view = { ...this.viewWithoutEvents, last: { ...this.#last } };
  }
}

function statusOf({ readyState, disconnection }: ClientState): EventSourceStatus {
  if (readyState === 0) return disconnection === undefined ? "connecting" : "reconnecting";
  return readyState === 1 ? "open" : "closed";
}
