import { AttachmentError } from "../attachment.ts";
import { CaseFailure } from "../case.ts";
import { openHttp1 } from "../http/open-http1.ts";
import { openHttp2 } from "../http/open-http2.ts";
import {
  type Field,
  fieldValue,
  joinedValueOf,
  mergeFields,
  type Request,
  type TlsOptions,
  type WireLog,
} from "../http/request.ts";
import type { ReceivedEvent, StreamReader } from "../http/stream-reader.ts";
import { type PublishAnswer, type PublishedEvent, type Publisher, UnsettledError } from "./publisher.ts";

/** How long the suite waits, in milliseconds. */
export interface Durations {
  /** For what has to come. */
  readonly within: number;
  /** For a head, and for an event that nothing holds back. */
  readonly prompt: number;
  /** For a sign of life on a quiet stream. */
  readonly heartbeat: number;
  /** For what must not come. */
  readonly quiet: number;
}

/** How long it waits by default. */
export const DEFAULT_DURATIONS: Durations = { within: 4_000, prompt: 1_000, heartbeat: 20_000, quiet: 300 };

/** What all requests to a server have in common. */
export interface ServerTarget {
  readonly url: URL;
  readonly fields: readonly Field[];
  readonly tls: TlsOptions;
  /** The parameter of the query that takes a cursor. */
  readonly cursorQuery: string | undefined;
  /** Whether data is sent as JSON. */
  readonly json: boolean;
  readonly durations: Durations;
}

/** How a stream is opened. */
export interface OpenOptions {
  readonly method?: string;
  readonly fields?: readonly Field[];
  readonly version?: Request["version"];
  /** Leaves `Accept` out. */
  readonly withoutAccept?: boolean;
  readonly lastEventId?: string;
  /** The cursor in the query. */
  readonly queryCursor?: string;
}

const MAX_REDIRECTS = 20;

/** A server under test, as one case sees it. */
export class ServerSubject {
  readonly target: ServerTarget;
  readonly durations: Durations;
  readonly #publisher: Publisher | undefined;
  readonly #wire: WireLog;
  readonly #readers: StreamReader[] = [];
  readonly #run: string;
  #tokens = 0;

  constructor(
    target: ServerTarget,
    { publisher, wire, run }: { publisher: Publisher | undefined; wire: WireLog; run: string },
  ) {
    this.target = target;
    this.durations = target.durations;
    this.#publisher = publisher;
    this.#wire = wire;
    this.#run = run;
  }

  /** A text that nobody has used before. */
  token(): string {
    return `${this.#run}-${(++this.#tokens).toString(36)}`;
  }

  /** Whether the suite can publish. */
  get canPublish(): boolean {
    return this.#publisher !== undefined;
  }

  /** Whether the suite can publish this field. */
  can(field: "event" | "id" | "retry"): boolean {
    return this.#publisher?.fields.has(field) === true;
  }

  /** Publishes an event, and rejects with a `Refusal` if the subject says no. */
  async publish(event: PublishedEvent): Promise<PublishAnswer> {
    if (this.#publisher === undefined) throw new Error("Cannot publish: the attachment has no way to");
    // Shortened first: what is large is published often, and to escape all of it costs more than to send it.
    this.#wire("sent", `publish ${JSON.stringify({ ...event, data: shorten(event.data) })}\n`);
    return await this.#publisher.publish(event);
  }

  /** The number of open streams; `undefined` if the subject does not tell. */
  async count(): Promise<number | undefined> {
    if (this.#publisher?.count !== undefined) return await this.#publisher.count();
    return (await this.publish({ data: this.token() })).subscribers;
  }

  /** The number of open streams once it falls no more: readers of an earlier case may not be forgotten yet. */
  async restingCount(): Promise<number | undefined> {
    for (let before = await this.count(); ; ) {
      await new Promise((resolve) => setTimeout(resolve, this.durations.quiet));
      const count = await this.count();
      if (count === undefined || before === undefined || count >= before) return count;
      before = count;
    }
  }

  /** Waits until the number of open streams is as wanted, and gives the last one. */
  async countOf(isWanted: (count: number) => boolean): Promise<number> {
    const until = performance.now() + this.durations.within;
    for (let wait = 1; ; wait = Math.min(wait * 2, 200)) {
      const count = (await this.count()) ?? Number.NaN;
      if (isWanted(count) || performance.now() > until) return count;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** Whether the server answers over HTTP/2. */
  async speaksHttp2(): Promise<boolean> {
    const reader = await this.#send(this.target.url, { version: "2", method: "HEAD" });
    if (reader !== undefined) this.#readers.push(reader);
    return reader !== undefined;
  }

  /** Ends every open stream. */
  async closeAll(): Promise<void> {
    await this.#publisher?.closeAll?.();
  }

  /** Sends a request and leaves without waiting for the answer. */
  async ask(): Promise<void> {
    const reader = await this.#send(this.target.url, {});
    await this.turn();
    reader?.leave("reset");
  }

  /** Lets other things happen. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Sends a request and gives its reader when the head has come; `undefined` if none came in time. */
  async request(options: OpenOptions = {}): Promise<StreamReader | undefined> {
    let url = this.#urlOf(options);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const reader = await this.#send(url, options);
      if (reader === undefined) return undefined;
      this.#readers.push(reader);
      await reader.until(() => reader.head, this.durations.within);
      const { head } = reader;
      if (head === undefined) return reader.faults.length > 0 ? reader : undefined;
      const location = joinedValueOf(head, "location");
      if (![301, 302, 303, 307, 308].includes(head.status) || location === undefined) return reader;
      reader.leave();
      url = new URL(location, url);
    }
    throw new CaseFailure("The redirects don't end", {
      expected: "an event stream",
      actual: `${MAX_REDIRECTS} redirects`,
    });
  }

  /** Opens an event stream: fails if the answer is none. */
  async open(options: OpenOptions = {}): Promise<StreamReader> {
    const reader = await this.request(options);
    if (reader?.head === undefined) {
      throw new CaseFailure("The server didn't answer", {
        expected: `the head of a response within ${this.durations.within} ms`,
        actual: reader === undefined ? NO_HEAD : reader.faults.join("; "),
      });
    }
    const type = joinedValueOf(reader.head, "content-type") ?? "none";
    if (reader.head.status !== 200 || !/^text\/event-stream\s*(;|$)/i.test(type)) {
      const hint = HINTS[reader.head.status] ?? "";
      throw new CaseFailure("The answer is no event stream", {
        expected: "status 200 and Content-Type text/event-stream",
        actual: `status ${reader.head.status} and Content-Type ${type}${hint}`,
      });
    }
    return reader;
  }

  /** Opens an event stream and waits until what is published arrives on it. */
  async listen(options: OpenOptions = {}): Promise<StreamReader> {
    const reader = await this.open(options);
    const published: string[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const data = this.token();
      published.push(data);
      await this.#publishPlain(data);
      const isThere = (): boolean => reader.events.some((event) => event.data === data);
      const isWrapped = (): boolean => wrapped(reader, published) !== undefined;
      await reader.until(() => isThere() || isWrapped(), this.durations.within / 2);
      if (isThere()) return reader;
      if (isWrapped() || reader.ending !== undefined) break;
    }
    const around = wrapped(reader, published);
    if (around !== undefined) {
      const how = published.some((data) => around === JSON.stringify(data))
        ? "the server sends it as JSON; give --data-json, or `json: true` in the driver"
        : `it arrives inside of ${shorten(around)}; let --publish, or the driver, reach what sends data as it is`;
      throw new AttachmentError(`Cannot compare what is published: ${how}`);
    }
    throw new CaseFailure("Nothing that is published arrives", {
      expected: "one of 3 events that were published while the stream was open",
      actual: summaryOf(reader),
    });
  }

  /** The event with this data, once it has come; `undefined` if it did not come in time. */
  async arrival(
    reader: StreamReader,
    data: string,
    within: number = this.durations.within,
  ): Promise<ReceivedEvent | undefined> {
    let at = 0;
    return await reader.until(() => {
      while (at < reader.events.length) {
        const event = reader.events[at++];
        if (event?.data === data) return event;
      }
      return undefined;
    }, within);
  }

  /** Publishes a last event and waits for it: what was published before has come by then, or does not come at all. */
  async settle(reader: StreamReader): Promise<void> {
    const data = this.token();
    await this.publish({ data });
    if ((await this.arrival(reader, data)) === undefined) {
      const what = reader.ending === undefined ? "A plain event that was published afterwards didn't come" : ENDED;
      throw new CaseFailure(what, {
        expected: `an event with the data ${data} within ${this.durations.within} ms`,
        actual: summaryOf(reader),
      });
    }
  }

  /** Leaves every stream that the case opened. */
  leave(): void {
    for (const reader of this.#readers) reader.leave("reset");
  }

  /** Publishes what every server takes at once: if that does not settle, it is no rule that is broken. */
  async #publishPlain(data: string): Promise<void> {
    const { within } = this.durations;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const what = "publish() of the driver, or the command of --publish, did not settle";
      const error = new UnsettledError(`Cannot publish a plain event: ${what} within ${within} ms`);
      timer = setTimeout(reject, within, error);
    });
    await Promise.race([this.publish({ data }), late]).finally(() => clearTimeout(timer));
  }

  #urlOf({ queryCursor }: OpenOptions): URL {
    const url = new URL(this.target.url);
    if (queryCursor !== undefined) url.searchParams.set(this.target.cursorQuery ?? "lastEventId", queryCursor);
    return url;
  }

  async #send(url: URL, options: OpenOptions): Promise<StreamReader | undefined> {
    const { method, version, lastEventId } = options;
    const accept: Field[] = options.withoutAccept ? [] : [["Accept", "text/event-stream"]];
    const cursor: Field[] = lastEventId === undefined ? [] : [["Last-Event-ID", fieldValue(lastEventId)]];
    const fields = mergeFields(accept, [["Cache-Control", "no-cache"]], this.target.fields, cursor, options.fields);
    const request = { url, method, version, fields, tls: this.target.tls };
    const open = version === "2" ? openHttp2 : openHttp1;
    return await open(request, this.#wire, { lastEventId, json: this.target.json });
  }
}

const ENDED = "The stream ended at what was published, and what was published afterwards didn't come";

/** What is mostly behind a head that doesn't come. */
const NO_HEAD =
  "nothing: a server sends the head before it has an event to send, in Node.js by flushHeaders(), or else by a first comment";

/** What may be behind a status, by it. */
const FIELDS = "; --header and --cookie are sent with each request";
const METHOD = "; the suite asks by GET, as an EventSource does, and tests no stream of POST";
const HINTS: Readonly<Record<number, string>> = { 401: FIELDS, 403: FIELDS, 404: METHOD, 405: METHOD };

/** The data that came as JSON with one of these texts inside. */
function wrapped(reader: StreamReader, texts: readonly string[]): string | undefined {
  const isWrapped = (data: string): boolean =>
    /^["{[]/.test(data) && isJson(data) && texts.some((text) => data.includes(text));
  return reader.events.find(({ data }) => isWrapped(data))?.data;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a reader has got, in a line. */
export function summaryOf(reader: StreamReader): string {
  const events = reader.events.slice(-8).map(showEvent);
  const faults = reader.faults.length > 0 ? `; ${reader.faults.join("; ")}` : "";
  const ended = reader.ending === undefined ? "" : `; then the stream ended (${reader.ending})`;
  return `${reader.events.length === 0 ? "no event" : events.join(", ")}${ended}${faults}`;
}

/** An event in a report. */
export function showEvent({ type, data, lastEventId }: ReceivedEvent): string {
  return shorten(`${type} ${JSON.stringify(data)}${lastEventId === "" ? "" : ` (id ${JSON.stringify(lastEventId)})`}`);
}

/** A text that a report can show. */
export function shorten(text: string): string {
  return text.length <= 240 ? text : `${text.slice(0, 200)}… (${text.length} characters)`;
}
