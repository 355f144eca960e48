import { type PlainEvent, PlainParser, type PlainSink } from "./plain-parser.ts";

const MAX_TIMER = 2_147_483_647;

/**
 * A second client, written for this suite and independent of `@ssekit/client`: WHATWG HTML 9.2 as plainly as it can be
 * said, in methods that a mutant can override. Its members are public for the same reason.
 */
export class PlainEventSource extends EventTarget {
  static readonly CONNECTING: number = 0;
  static readonly OPEN: number = 1;
  static readonly CLOSED: number = 2;
  declare readonly CONNECTING: number;
  declare readonly OPEN: number;
  declare readonly CLOSED: number;
  static {
    Object.assign(PlainEventSource.prototype, { CONNECTING: 0, OPEN: 1, CLOSED: 2 });
  }

  readyState = 0;
  readonly url: string;
  readonly withCredentials: boolean;
  readonly handlers: Map<string, (event: Event) => unknown> = new Map<string, (event: Event) => unknown>();
  lastEventId = "";
  reconnectionTime = 3_000;
  origin = "";
  abort: AbortController = new AbortController();
  timer: ReturnType<typeof setTimeout> | undefined;
  parser: PlainParser | undefined;

  constructor(url: unknown, init?: { withCredentials?: boolean }) {
    super();
    // biome-ignore lint/complexity/noArguments: an `undefined` that is given is a URL
    this.url = this.resolve(url, arguments.length);
    this.withCredentials = this.credentials(init);
    // Not at once, for a mutant's members are there only when its constructor is done.
    queueMicrotask(() => this.readyState !== 2 && void this.connect());
  }

  resolve(url: unknown, count: number): string {
    if (count === 0) throw new TypeError("A URL is needed");
    try {
      return new URL(`${url}`).href;
    } catch {
      throw new DOMException("The URL can't be parsed", "SyntaxError");
    }
  }

  credentials(init?: { withCredentials?: boolean }): boolean {
    return Boolean(init?.withCredentials);
  }

  get onopen(): unknown {
    return this.handler("open");
  }
  set onopen(value: unknown) {
    this.setHandler("open", value);
  }
  get onmessage(): unknown {
    return this.handler("message");
  }
  set onmessage(value: unknown) {
    this.setHandler("message", value);
  }
  get onerror(): unknown {
    return this.handler("error");
  }
  set onerror(value: unknown) {
    this.setHandler("error", value);
  }

  handler(type: string): unknown {
    return this.handlers.get(type) ?? null;
  }

  setHandler(type: string, value: unknown): void {
    const before = this.handlers.get(type);
    if (before !== undefined) this.removeEventListener(type, before);
    this.handlers.delete(type);
    if (typeof value !== "function") return;
    this.handlers.set(type, value as (event: Event) => unknown);
    this.addEventListener(type, value as (event: Event) => unknown);
  }

  close(): void {
    this.readyState = 2;
    this.abort.abort();
    clearTimeout(this.timer);
  }

  async connect(): Promise<void> {
    this.abort = new AbortController();
    let response: Response;
    try {
      response = await this.fetch(this.requestUrl(), this.request());
    } catch (error) {
      this.networkError(error);
      return;
    }
    if (this.readyState === 2) return;
    if (!this.isStream(response)) {
      this.fail();
      void response.body?.cancel().catch(() => {});
      return;
    }
    await this.stream(response);
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    return fetch(url, init);
  }

  requestUrl(): string {
    return this.url;
  }

  request(): RequestInit {
    return { headers: this.headers(), cache: "no-store", signal: this.abort.signal };
  }

  headers(): Record<string, string> {
    const headers: Record<string, string> = { accept: "text/event-stream", "cache-control": "no-cache" };
    if (this.lastEventId !== "") headers["last-event-id"] = this.encodeId(this.lastEventId);
    return headers;
  }

  /** A field's value is bytes, one in each character. */
  encodeId(id: string): string {
    return String.fromCharCode(...new TextEncoder().encode(id));
  }

  isStream(response: Response): boolean {
    return response.status === 200 && this.isEventStream(response.headers.get("content-type"));
  }

  isEventStream(type: string | null): boolean {
    return type !== null && /^text\/event-stream$/i.test((type.split(";")[0] ?? "").trim());
  }

  async stream(response: Response): Promise<void> {
    this.origin = this.originOf(response);
    this.parser = this.createParser();
    this.announce();
    await this.read(response);
    if (this.readyState !== 2) this.ended();
  }

  originOf(response: Response): string {
    return new URL(response.url || this.url).origin;
  }

  createParser(): PlainParser {
    return new PlainParser(this.sink(), this.lastEventId);
  }

  sink(): PlainSink {
    return {
      onEvent: (event) => this.dispatch(event),
      onId: (id) => {
        this.lastEventId = id;
      },
      onRetry: (milliseconds) => {
        this.reconnectionTime = milliseconds;
      },
    };
  }

  announce(): void {
    if (this.readyState === 2) return;
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  async read(response: Response): Promise<void> {
    const reader = response.body?.getReader();
    try {
      for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
        this.parser?.feed(chunk.value);
        if (this.readyState === 2) return;
      }
      this.parser?.end();
    } catch (error) {
      this.broken(error);
    }
  }

  /** A body that broke off has ended. */
  broken(_error: unknown): void {}

  dispatch({ type, data, lastEventId }: PlainEvent): void {
    if (this.readyState === 2) return;
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin: this.origin }));
  }

  ended(): void {
    this.reestablish();
  }

  networkError(_error: unknown): void {
    if (this.isFutile()) this.fail();
    else this.reestablish();
  }

  isFutile(): boolean {
    return !/^https?:/.test(this.url);
  }

  reestablish(): void {
    if (this.readyState === 2) return;
    this.readyState = 0;
    this.dispatchEvent(new Event("error"));
    if (this.readyState !== 0) return;
    this.timer = setTimeout(() => void this.connect(), this.delay());
  }

  delay(): number {
    return Math.min(this.reconnectionTime, MAX_TIMER);
  }

  fail(): void {
    if (this.readyState === 2) return;
    this.readyState = 2;
    this.dispatchEvent(new Event("error"));
  }
}
