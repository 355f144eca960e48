import type { EventContract } from "@ssekit/codec";
import type { Clock } from "./clock.ts";
import type { Disconnection } from "./connection.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** Milliseconds without a byte after which a connection counts as dead, where `idleTimeout` is not given. */
export const DEFAULT_IDLE_TIMEOUT = 90_000;

/** What event types a client's stream has, and the type of each one's data. */
export type EventTypes = object;

/** An event as a client gives it, one of each type of the stream. */
export type ClientEvent<
  Events extends EventTypes = Record<string, string>,
  Type extends keyof Events = keyof Events,
> = {
  [T in Type]: {
    /** Event type, `message` where the stream names none. */
    readonly type: T;
    /** Its data: text, or what `events` or `parse` make of it. */
    readonly data: Events[T];
    /** The last event ID at this event; empty when there is none. */
    readonly lastEventId: string;
  };
}[Type];

/** A loss that a hub of ssekit tells of: events before `cursor` did not and will not come. */
export interface ClientGap {
  /** Why: `expired`, `overrun`, `unknown`, `foreign`, `rolled-back`, `ahead` or `skipped`. */
  readonly reason: string;
  /** Where delivery goes on. */
  readonly cursor: string;
  /** Which positions of the log are missing, where that is known. */
  readonly range?: { readonly first: number; readonly last: number } | undefined;
}

/** One attempt, as the functions that make its request see it. */
export interface Attempt {
  /** Which one it is since the last connection that lived long enough; the first is 1. */
  readonly attempt: number;
  /** Where the stream continues from; empty at the beginning. */
  readonly lastEventId: string;
  /** How the attempt or connection before this one ended. */
  readonly disconnection: Disconnection | undefined;
}

/** What of a request is different when a stream is resumed. */
export interface ResumeRequest {
  /** Where it goes. */
  readonly url?: string | URL | undefined;
  /** Its method. */
  readonly method?: string | undefined;
  /** Its body. */
  readonly body?: RequestInit["body"];
}

/** Keeps a last event ID where it outlives the program. What it throws is reported to `onError`. */
export interface LastEventIdStore {
  /** Asked once, before the first attempt. */
  get(): string | undefined | null | Promise<string | undefined | null>;
  /** Told each new last event ID when the events up to it have been handled. */
  set(lastEventId: string): unknown;
}

// `RequestInit["headers"]`, for `HeadersInit` is a name of the DOM's types alone, and Node's are to do.
/** Options of an `EventSourceClient`. */
export interface EventSourceClientOptions<Events extends EventTypes = Record<string, string>> {
  /** `GET` by default. Another is sent once, unless `resume` says how to repeat it. */
  readonly method?: string | undefined;
  /** The body of the request. */
  readonly body?: RequestInit["body"];
  /** Header fields, or a function that gives them for each attempt. */
  readonly headers?:
    | RequestInit["headers"]
    | ((attempt: Attempt) => RequestInit["headers"] | Promise<RequestInit["headers"]>);
  /** As of `fetch`. */
  readonly credentials?: RequestInit["credentials"];
  /** Sends the requests; the global `fetch` by default. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Closes the client. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called at a 401 or 403, to get a new token that `headers` then sends: the request is repeated, at once unless the
   * connections before it were short-lived, and the same answer to it is final. Clients that share the function share
   * a call.
   */
  readonly refresh?: ((response: Response) => unknown) | undefined;
  /**
   * Allows that a request other than GET is repeated: `true` sends it again, with the last event ID; a function gives
   * what is different. `undefined` from it ends the stream.
   */
  readonly resume?: true | ((attempt: Attempt) => ResumeRequest | undefined) | undefined;
  /** When to try again; `false` for never. */
  readonly retry?: RetryPolicy | false | undefined;
  /**
   * Milliseconds without a byte, be it of a comment, after which the connection counts as dead; 0 for never.
   * {@linkcode DEFAULT_IDLE_TIMEOUT} by default; never where the request can't be repeated.
   */
  readonly idleTimeout?: number | undefined;
  /** Fires `online`, `pageshow` and `visibilitychange`; by default the page, where there is one. */
  readonly wakeOn?: EventTarget | undefined;
  /** Where the stream continues from, or a store of it. */
  readonly lastEventId?: string | LastEventIdStore | undefined;
  /** Sends the last event ID as this query parameter and not as a header field, which costs no preflight. */
  readonly lastEventIdParameter?: string | undefined;
  /**
   * The stream's last event: data that ends it and is no event itself, such as `[DONE]`, or a function that says of
   * an event that it is the last.
   */
  readonly until?: string | ((event: ClientEvent) => boolean) | undefined;
  /**
   * The events of the stream, as `defineEvents` gives them: all data is JSON, and each event is judged by its schema. One
   * that is not defined or refused goes to `onError`, and is not delivered.
   */
  readonly events?: EventContract<object, Events> | undefined;
  /** Makes data of text; `JSON.parse` where `events` are given, else text stays as it is by default. */
  readonly parse?: ((data: string) => unknown) | undefined;
  /** Drops an event whose id is one of so many that came last; 0, never, by default. */
  readonly dedupeWindow?: number | undefined;
  /** The size that an event may have in bytes; no limit by default. */
  readonly maxEventBytes?: number | undefined;
  /** Told what listeners throw, and of events that are not valid; `console.error` by default. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Time; the runtime's by default. */
  readonly clock?: Clock | undefined;
}
