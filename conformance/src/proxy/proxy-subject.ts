import { CaseFailure } from "../case.ts";
import { counted } from "../counted.ts";
import { openHttp1 } from "../http/open-http1.ts";
import { openHttp2 } from "../http/open-http2.ts";
import { type Field, fieldValue, mergeFields, type Request, type TlsOptions, type WireLog } from "../http/request.ts";
import type { StreamReader } from "../http/stream-reader.ts";
import type { Origin, OriginExchange } from "./origin.ts";

/** How long the suite waits, in milliseconds. */
export interface ProxyDurations {
  /** For what has to come. */
  readonly within: number;
  /** The longest silence of a server, which a proxy must bear. */
  readonly idle: number;
  /** For an event that nothing holds back. */
  readonly prompt: number;
}

/** How long it waits by default. */
export const DEFAULT_PROXY_DURATIONS: ProxyDurations = { within: 4_000, idle: 20_000, prompt: 100 };

/** What all requests through a proxy have in common. */
export interface ProxyTarget {
  readonly url: URL;
  readonly fields: readonly Field[];
  readonly tls: TlsOptions;
  readonly durations: ProxyDurations;
}

/** A request through the proxy. */
export interface ProxyRequest {
  readonly method?: string;
  readonly fields?: readonly Field[];
  readonly body?: string;
  readonly version?: Request["version"];
  readonly lastEventId?: string;
}

/** Both ends of one response: what the origin says, and what the reader gets. */
export interface Through {
  readonly origin: OriginExchange;
  readonly reader: StreamReader;
  readonly token: string;
}

/** A proxy under test, as one case sees it, between an origin and readers of the suite. */
export class ProxySubject {
  readonly durations: ProxyDurations;
  readonly origin: Origin;
  readonly #target: ProxyTarget;
  readonly #wire: WireLog;
  readonly #run: string;
  readonly #readers: StreamReader[] = [];
  #tokens = 0;

  constructor(target: ProxyTarget, { origin, wire, run }: { origin: Origin; wire: WireLog; run: string }) {
    this.#target = target;
    this.durations = target.durations;
    this.origin = origin;
    this.#wire = wire;
    this.#run = run;
  }

  /** A text that nobody has used before. */
  token(): string {
    return `${this.#run}-${(++this.#tokens).toString(36)}`;
  }

  /** Sends a request and waits until the origin has it. */
  async ask(request: ProxyRequest = {}): Promise<Through> {
    const token = this.token();
    const reader = await this.send(token, request);
    if (reader === undefined) {
      throw new CaseFailure("The proxy speaks no HTTP/2", { expected: "HTTP/2", actual: "HTTP/1.1" });
    }
    const origin = await this.origin.request(token, { within: this.durations.within });
    if (origin === undefined) {
      throw new CaseFailure("A request doesn't reach the server", {
        expected: `the request at the port ${this.origin.port} within ${this.durations.within} ms`,
        actual: reader.head === undefined ? "nothing" : `an answer of the proxy's own: ${reader.head.status}`,
      });
    }
    return { origin, reader, token };
  }

  /** Opens an event stream through the proxy: the head, and a first comment, have come. */
  async open(request: ProxyRequest = {}, more: readonly Field[] = []): Promise<Through> {
    const through = await this.ask(request);
    through.origin.head(200, more);
    through.origin.write(": begin\n\n");
    await this.comes(through, () => through.reader.comments.length > 0, "the head and a first comment");
    return through;
  }

  /** Sends an event at the origin, and waits until the reader has it. */
  async pass(through: Through, data: string): Promise<void> {
    through.origin.write(`data: ${data}\n\n`);
    await this.comes(through, () => through.reader.events.some((event) => event.data === data), "the event");
  }

  /** Waits for something at the reader, and fails when it doesn't come. */
  async comes({ reader }: Through, look: () => boolean, what: string): Promise<void> {
    if ((await reader.until(look, this.durations.within)) !== undefined) return;
    const ended = reader.ending === undefined ? "" : `; the response ended (${reader.ending})`;
    throw new CaseFailure("What the server sent doesn't arrive", {
      expected: `${what}, within ${this.durations.within} ms`,
      actual: `${counted(reader.content.length, "byte")} of the body, ${counted(reader.events.length, "event")}${ended}`,
    });
  }

  /** Whether the proxy answers over HTTP/2. */
  async speaksHttp2(): Promise<boolean> {
    const reader = await this.send(this.token(), { version: "2", method: "HEAD" });
    return reader !== undefined;
  }

  /** Sends a request; `undefined` if it can't be of its version. */
  async send(
    token: string,
    { method, fields, body, version, lastEventId }: ProxyRequest,
  ): Promise<StreamReader | undefined> {
    const url = this.origin.urlOf(this.#target.url, token);
    const cursor: Field[] = lastEventId === undefined ? [] : [["Last-Event-ID", fieldValue(lastEventId)]];
    const own: Field[] = [
      ["Accept", "text/event-stream"],
      ["Cache-Control", "no-cache"],
    ];
    const open = version === "2" ? openHttp2 : openHttp1;
    const all = mergeFields(own, this.#target.fields, cursor, fields);
    const reader = await open({ url, method, fields: all, body, version, tls: this.#target.tls }, this.#wire, {
      lastEventId,
    });
    if (reader !== undefined) this.#readers.push(reader);
    return reader;
  }

  /** Leaves every response that the case asked for. */
  leave(): void {
    for (const reader of this.#readers) reader.leave("reset");
  }
}
