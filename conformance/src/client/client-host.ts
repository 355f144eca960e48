/**
 * What a client is asked for. The members up to `body` are those of the test-service protocol of
 * launchdarkly/sse-contract-tests; each of the others is sent only to a client that declares the capability it names.
 */
export interface StreamParameters {
  /** Where the stream is. */
  readonly streamUrl: string;
  /** The case, for a log. */
  readonly tag?: string | undefined;
  /** Milliseconds to wait before the first reconnection; a client whose stream sets the time need not heed it. */
  readonly initialDelayMs?: number | undefined;
  /** Milliseconds without a byte after which the connection counts as dead (`read-timeout`). */
  readonly readTimeoutMs?: number | undefined;
  /** `Last-Event-ID` of the first request (`last-event-id`). */
  readonly lastEventId?: string | undefined;
  /** Header fields of each request, names in lower case (`headers`). */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `GET` by default (`post`, `report`). */
  readonly method?: string | undefined;
  /** The request's body (`post`, `report`). */
  readonly body?: string | undefined;
  /** Closes the client inside what hears of the nth message of this kind, the first being 1 (`close`). */
  readonly closeAt?: { readonly kind: "open" | "event" | "error"; readonly nth: number } | undefined;
  /** Makes the client survive what a resilient one survives, with these waits (`resilient`). */
  readonly resilient?: ResilientWaits | undefined;
  /** Listens by `onopen`, `onmessage` and `onerror`, not by `addEventListener` (`event-source`). */
  readonly handlers?: boolean | undefined;
  /** Listens by an object with `handleEvent` (`event-source`). */
  readonly objectListeners?: boolean | undefined;
  /** Sends credentials to other origins too (`event-source`). */
  readonly withCredentials?: boolean | undefined;
}

/** Waits of a resilient client, in milliseconds. */
export interface ResilientWaits {
  /** Least wait between the end of a connection and the next attempt. */
  readonly floorMs: number;
  /** Longest wait, whatever the server asks for. */
  readonly ceilingMs: number;
  /** Over which the first wait is spread; it doubles with each attempt. */
  readonly spreadMs: number;
}

/** What a client tells as it comes: the callbacks of the same protocol. */
export type ClientMessage = (
  | { readonly kind: "open" }
  | { readonly kind: "event"; readonly event: ReportedEvent }
  | { readonly kind: "comment"; readonly comment: string }
  | { readonly kind: "error"; readonly comment?: string; readonly error?: string }
) & {
  /** As it was when the client told its program (`ready-state`). */
  readonly readyState?: number;
  /** What the event object is (`event-source`). */
  readonly object?: EventObject;
};

/** An event as a client reports it. */
export interface ReportedEvent {
  /** `message` by default. */
  readonly type?: string | null;
  readonly data: string;
  /** The last event ID; empty by default. */
  readonly id?: string | null;
}

/** What `EventSource` gave to a listener. */
export interface EventObject {
  /** Its interface by name: `Event` or `MessageEvent`. */
  readonly interface: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly hasData: boolean;
  readonly origin?: string;
  /** Whether `target`, `currentTarget` and `this` are the EventSource. */
  readonly atSource: boolean;
}

/** A client that a host made. */
export interface HostedClient {
  /** Makes it tell of events of this type (`event-type-listeners`). */
  listen(type: string): Promise<void>;
  /** Makes it leave its connection for a new one (`restart`). */
  restart(): Promise<void>;
  /** Closes it. */
  close(): Promise<void>;
}

/** Makes clients to test, wherever they run. Web-standard types alone: a page implements it too. */
export interface ClientHost {
  readonly name: string;
  readonly version?: string | undefined;
  /** What its clients can do: names of the protocol, and ours. */
  readonly capabilities: readonly string[];
  /** Makes a client, whose messages go to `report` in their order. */
  create(parameters: StreamParameters, report: (message: ClientMessage) => void): Promise<HostedClient>;
  /** Looks at the interface itself (`event-source`). */
  inspect?(streamUrl: string): Promise<InterfaceFacts>;
}

/** What an `EventSource` class is and does, as plain data. Errors are told by `name`. */
export interface InterfaceFacts {
  /** What construction without an argument, without `new`, and of a bogus URL throws. */
  readonly noArgument: string;
  readonly noNew: string;
  readonly bogusUrl: string;
  /** Whether what a bogus URL throws is a `DOMException`. */
  readonly bogusIsDomException: boolean;
  /** `url` of a URL that needs to be parsed and serialized, of an object with `toString`, and of the empty string. */
  readonly serializedUrl: string;
  readonly stringifiedUrl: string;
  readonly emptyUrl: string | undefined;
  /** `location.href` where there is one. */
  readonly location: string | undefined;
  /** Constants of the class and of its prototype. */
  readonly classConstants: readonly unknown[];
  readonly prototypeConstants: readonly unknown[];
  readonly readyState: number;
  readonly readyStateOnceClosed: number;
  /** `withCredentials` of an absent dictionary, and of `true`. */
  readonly withCredentials: readonly unknown[];
  /** `onopen`, `onmessage` and `onerror` before they are set, as text. */
  readonly handlers: readonly string[];
  /** `onmessage` after a function, and after what is none was set. */
  readonly handlerKept: boolean;
  readonly handlerOfNoFunction: string;
  /** Whether an instance sees what is added to the prototype, and is an `EventTarget`. */
  readonly sharesPrototype: boolean;
  readonly isEventTarget: boolean;
}
