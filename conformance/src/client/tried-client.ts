import { type CaseContext, CaseFailure } from "../case.ts";
import { counted } from "../counted.ts";
import type { ClientMessage, EventObject, HostedClient, StreamParameters } from "./client-host.ts";
import type { ClientSubject } from "./client-subject.ts";
import type { Exchange, ResponseHead } from "./exchange.ts";

/** The reconnection time that cases ask for, in milliseconds. */
const RECONNECTION_TIME = 50;

/** Milliseconds that a case listens at most whether nothing comes. */
const MAX_QUIET = 3_000;

/** Text of a stream that asks for it. */
export const QUICK_RETRY = "retry: 50\n\n";

/** An event that a case expects. */
export interface ExpectedEvent {
  /** `message` by default. */
  readonly type?: string;
  readonly data: string;
  /** Empty by default. */
  readonly id?: string;
}

/** What a client is started with; without a URL it gets a path of its own. */
export type StartParameters = Partial<StreamParameters> & {
  /** Added to the path, such as `?a=b`. */
  readonly suffix?: string;
  /** Uses the server's other origin. */
  readonly crossOrigin?: boolean;
};

type MessageOf<Kind> = Extract<ClientMessage, { kind: Kind }>;

/** A client that a case tries: the requests that it sends, and what it tells. What doesn't come in time fails the case. */
export class TriedClient {
  /** Where its stream is. */
  readonly url: string;
  /** All that it has told. */
  readonly messages: ClientMessage[] = [];
  /** How many requests have come. */
  requestCount = 0;
  /** Milliseconds that what has to come is waited for. */
  patience: number;
  readonly #subject: ClientSubject;
  readonly #context: CaseContext;
  readonly #exchanges: Exchange[] = [];
  readonly #unread: ClientMessage[] = [];
  #answer: ((exchange: Exchange) => void) | undefined;
  #hosted: HostedClient | undefined;
  readonly #waiting: Set<() => void> = new Set();

  private constructor(subject: ClientSubject, context: CaseContext, { suffix = "", crossOrigin }: StartParameters) {
    this.#subject = subject;
    this.patience = subject.patience;
    this.#context = context;
    const { origin, otherOrigin } = subject.server;
    this.url =
      (crossOrigin ? otherOrigin : origin) + subject.server.serve((exchange) => this.#receive(exchange)) + suffix;
  }

  /** Makes a client and lets it connect. */
  static async start(
    subject: ClientSubject,
    context: CaseContext,
    tag: string,
    parameters: StartParameters = {},
  ): Promise<TriedClient> {
    const client = new TriedClient(subject, context, parameters);
    const { suffix: _, crossOrigin: __, ...rest } = parameters;
    const all = { streamUrl: client.url, tag, initialDelayMs: RECONNECTION_TIME, ...rest };
    client.#hosted = await subject.host.create(all, (message) => client.#hear(message));
    context.defer(() => client.#hosted?.close());
    return client;
  }

  /** The next request. */
  async request(what = "a request"): Promise<Exchange> {
    return await this.#await(what, this.patience, () => this.#exchanges.shift());
  }

  /** The next request, answered by the head of a stream. */
  async stream(head?: ResponseHead): Promise<Exchange> {
    return (await this.request()).head(head);
  }

  /** The next request after the end of this connection, not answered yet. */
  async reconnection(exchange: Exchange, { broken = false }: { broken?: boolean } = {}): Promise<Exchange> {
    const ended = performance.now();
    if (broken) exchange.reset();
    else exchange.end();
    const next = await this.request(`a new request after the connection ${broken ? "broke" : "ended"}`);
    const { pace } = this.#subject;
    pace.longestReconnection = Math.max(pace.longestReconnection, performance.now() - ended);
    return next;
  }

  /** Answers each request from now on in this way, until what it gives is called. */
  answerEach(answer: (exchange: Exchange) => void): () => void {
    this.#answer = answer;
    for (const exchange of this.#exchanges.splice(0)) answer(exchange);
    return () => {
      this.#answer = undefined;
    };
  }

  /** The next message of this kind; others that come before it are passed over. */
  async next<Kind extends ClientMessage["kind"]>(
    kind: Kind,
    what: string = kind,
    { patience = this.patience }: { patience?: number } = {},
  ): Promise<MessageOf<Kind>> {
    return await this.#await(what, patience, () => {
      for (let message = this.#unread.shift(); message !== undefined; message = this.#unread.shift()) {
        if (message.kind === kind) return message as MessageOf<Kind>;
      }
      return undefined;
    });
  }

  /** The next events are these, and nothing between them. */
  async events(...expected: readonly ExpectedEvent[]): Promise<void> {
    for (const [index, { type = "message", data, id = "" }] of expected.entries()) {
      const wanted = shown({ type, data, id });
      const { event } = await this.next("event", `event ${index + 1}: ${wanted}`);
      const got = { type: event.type || "message", data: event.data, id: event.id ?? "" };
      const same = got.type === type && got.data === data && got.id === id;
      this.expect(same, "The client gave another event", { expected: wanted, actual: shown(got) });
    }
  }

  /** What it has told is over: nothing comes any more, neither a request nor a message, for as long as it might take. */
  async staysQuiet(why: string): Promise<void> {
    await this.#sleep(this.#longEnough(400));
    const [exchange] = this.#exchanges;
    // Only a client that tells its state says what an error means: else it may tell of an end at any time.
    const strict = this.#subject.capabilities.has("ready-state");
    const message = this.#unread.find(({ kind }) => strict || kind !== "error");
    if (exchange === undefined && message === undefined) return;
    throw new CaseFailure(`The client went on ${why}`, {
      expected: "no request and no event any more",
      actual:
        exchange === undefined
          ? `told ${message === undefined ? "" : inWords(message)}`
          : `sent ${exchange.request.head}`,
    });
  }

  /** No request comes, for as long as it might take; so many milliseconds at least. */
  async sendsNothing(milliseconds: number, why: string): Promise<void> {
    await this.sendsNothingFor(this.#longEnough(milliseconds), why);
  }

  /** Nothing but this may come: no request within so many milliseconds. */
  async sendsNothingFor(milliseconds: number, why: string): Promise<void> {
    await this.#sleep(milliseconds);
    this.expect(this.#exchanges.length === 0, `The client sent a request too early: ${why}`, {
      expected: `no request within ${milliseconds} ms`,
      actual: "a request",
    });
  }

  /** Waits for what is no message and no request. */
  async until<T>(promise: Promise<T>, what: string): Promise<T> {
    let settled: { value: T } | undefined;
    void promise.then((value) => {
      settled = { value };
      this.#heard();
    });
    return (await this.#await(what, this.patience, () => settled)).value;
  }

  /** Makes it tell of events of these types, where it has to be told. */
  async listen(...types: readonly string[]): Promise<void> {
    if (!this.#subject.capabilities.has("event-type-listeners")) return;
    for (const type of types) await this.#hosted?.listen(type);
  }

  /** Makes it leave its connection for a new one. */
  async restart(): Promise<void> {
    await this.#hosted?.restart();
  }

  /** Closes it. */
  async close(): Promise<void> {
    await this.#hosted?.close();
  }

  /** The `readyState` that came with a message, of a client that tells it. */
  expectReadyState(message: ClientMessage, readyState: 0 | 1 | 2): void {
    if (!this.#subject.capabilities.has("ready-state")) return;
    this.expect(message.readyState === readyState, `readyState at ${message.kind} is another`, {
      expected: `${readyState} (${["CONNECTING", "OPEN", "CLOSED"][readyState]})`,
      actual: `${message.readyState}`,
    });
  }

  /** What the event object of a message is, in what is named here. */
  expectObject({ kind, object }: ClientMessage, wanted: Partial<EventObject>): void {
    const names = Object.keys(wanted) as (keyof EventObject)[];
    const [expected, actual] = [wanted, object].map((of) => JSON.stringify(names.map((name) => [name, of?.[name]])));
    this.expect(expected === actual, `The object of ${kind} is another`, {
      expected: `${expected}`,
      actual: `${actual}`,
    });
  }

  /** Fails the case unless this holds. */
  expect(holds: boolean, message: string, seen: { readonly expected: string; readonly actual: string }): void {
    if (!holds) throw new CaseFailure(message, seen);
  }

  #heard(): void {
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  #receive(exchange: Exchange): void {
    exchange.wire = this.#context.wire;
    this.#context.wire("received", exchange.request.head);
    this.requestCount++;
    if (this.#answer === undefined) this.#exchanges.push(exchange);
    else this.#answer(exchange);
    this.#heard();
  }

  #hear(message: ClientMessage): void {
    this.#context.wire("received", `client told: ${inWords(message)}`);
    this.messages.push(message);
    this.#unread.push(message);
    this.#heard();
  }

  /** Twice what it took before, for a machine may be busy. */
  #longEnough(least: number): number {
    return Math.round(Math.min(Math.max(least, 2 * this.#subject.pace.longestReconnection + 300), MAX_QUIET));
  }

  async #await<T>(what: string, patience: number, look: () => T | undefined): Promise<T> {
    const { signal } = this.#context;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    const stopped = new Promise<void>((resolve) => limit.addEventListener("abort", () => resolve(), { once: true }));
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      signal.throwIfAborted();
      if (limit.aborted)
        throw new CaseFailure("What has to come did not come", {
          expected: `${what} within ${patience} ms`,
          actual: this.#told(),
        });
      await Promise.race([new Promise<void>((resolve) => this.#waiting.add(resolve)), stopped]);
    }
  }

  #told(): string {
    const told = this.messages.slice(-5).map(inWords).join(", ");
    const earlier = this.messages.length > 5 ? "…, " : "";
    return `${counted(this.requestCount, "request")} in all; the client told ${told === "" ? "nothing" : `${earlier}${told}`}`;
  }

  #sleep(milliseconds: number): Promise<void> {
    const { signal } = this.#context;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
  }
}

/** What a client told, as a report says it: `open`, `message "a" (id "1")`, `error (readyState 0)`. */
function inWords(message: ClientMessage): string {
  const { kind, readyState } = message;
  if (kind === "comment") return `the comment ${shorten(message.comment)}`;
  if (kind === "event") {
    const { type, data, id } = message.event;
    return `${type || "message"} ${shorten(data)}${id ? ` (id ${shorten(id)})` : ""}`;
  }
  return readyState === undefined ? kind : `${kind} (readyState ${readyState})`;
}

/** A value as one line of a report, long text as its ends. */
function shown(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? endsOf(part) : part));
}

function shorten(text: string): string {
  return JSON.stringify(endsOf(text));
}

function endsOf(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 150)} … ${text.length} characters … ${text.slice(-150)}`;
}
