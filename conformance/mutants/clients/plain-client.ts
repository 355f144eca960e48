import type {
  ClientHost,
  ClientMessage,
  HostedClient,
  ResilientWaits,
  StreamParameters,
} from "../../src/client/client-host.ts";
import { PlainEventSource } from "./plain-event-source.ts";
import type { PlainParser } from "./plain-parser.ts";

/** Statuses that pass. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

/**
 * The plain client with what a client can do beyond the standard: header fields, a body, a first last event ID, comments,
 * a restart, a read time-out, and the waits of a resilient one.
 */
export class PlainClient extends PlainEventSource {
  readonly parameters: StreamParameters;
  readonly report: (message: ClientMessage) => void;
  attempt = 0;
  retryAfter = 0;
  readTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(parameters: StreamParameters, report: (message: ClientMessage) => void) {
    super(parameters.streamUrl);
    this.parameters = parameters;
    this.report = report;
    this.lastEventId = parameters.lastEventId ?? "";
    this.reconnectionTime = parameters.initialDelayMs ?? this.reconnectionTime;
  }

  override request(): RequestInit {
    const { method = "GET", body } = this.parameters;
    return { ...super.request(), method, ...(body !== undefined && { body }) };
  }

  override headers(): Record<string, string> {
    return { ...super.headers(), ...this.parameters.headers };
  }

  override createParser(): PlainParser {
    const parser = super.createParser();
    parser.comment = (comment) => this.tellComment(comment);
    return parser;
  }

  tellComment(comment: string): void {
    this.report({ kind: "comment", comment });
  }

  override dispatchEvent(event: Event): boolean {
    const { readyState } = this;
    if (!("data" in event)) this.report({ kind: event.type as "open" | "error", readyState });
    else {
      const { type, data, lastEventId } = event as MessageEvent<string>;
      this.report({ kind: "event", event: { type, data, id: lastEventId }, readyState });
    }
    const { closeAt } = this.parameters;
    const kind = "data" in event ? "event" : event.type;
    if (closeAt?.kind === kind && ++this.told === closeAt.nth) this.close();
    return true;
  }
  told = 0;

  restart(): void {
    clearTimeout(this.timer);
    this.abort.abort();
    void this.connect();
  }

  override async read(response: Response): Promise<void> {
    const { abort } = this;
    this.live();
    const body = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          this.hearBytes(chunk);
          controller.enqueue(chunk);
        },
      }),
    );
    await super.read({ body } as Response);
    clearTimeout(this.readTimer);
    // What was restarted goes on elsewhere.
    if (abort !== this.abort) await new Promise(() => {});
  }

  hearBytes(_chunk: Uint8Array): void {
    this.live();
  }

  /** The connection lives: the time-out begins anew. */
  live(): void {
    const { readTimeoutMs } = this.parameters;
    clearTimeout(this.readTimer);
    if (readTimeoutMs !== undefined) this.readTimer = setTimeout(() => this.timeOut(), readTimeoutMs);
  }

  timeOut(): void {
    this.abort.abort();
  }

  override close(): void {
    super.close();
    clearTimeout(this.readTimer);
  }

  override isStream(response: Response): boolean {
    const { status, headers } = response;
    this.retryAfter = Number(headers.get("retry-after") ?? 0) * 1_000;
    this.passes = this.resilient !== undefined && this.isPassing(status);
    return super.isStream(response);
  }
  passes = false;

  isPassing(status: number): boolean {
    return PASSING.includes(status);
  }

  override fail(): void {
    if (this.passes) this.reestablish();
    else super.fail();
  }

  get resilient(): ResilientWaits | undefined {
    return this.parameters.resilient;
  }

  override delay(): number {
    if (this.resilient === undefined) return super.delay();
    const { floorMs, ceilingMs } = this.resilient;
    const least = Math.min(
      Math.max(this.floor(floorMs), this.reconnectionTime, this.retryAfter),
      this.ceiling(ceilingMs),
    );
    return Math.min(least + this.spread(this.attempt++), this.ceiling(ceilingMs));
  }

  floor(milliseconds: number): number {
    return milliseconds;
  }

  ceiling(milliseconds: number): number {
    return milliseconds;
  }

  /** The random part of a wait, in milliseconds. */
  spread(attempt: number): number {
    return Math.random() * (this.resilient?.spreadMs ?? 0) * 2 ** attempt;
  }
}

/** Makes such clients. */
export function hostPlainClient(Client: typeof PlainClient, name: string): ClientHost {
  return {
    name,
    capabilities: [
      ...["bom", "comments", "headers", "last-event-id", "post", "report", "read-timeout", "restart"],
      ...["server-directed-shutdown-request", "ready-state", "open-events", "retry", "close"],
    ],
    create: async (parameters, report): Promise<HostedClient> => {
      const client = new Client(parameters, report);
      return {
        listen: async () => {},
        restart: async () => client.restart(),
        close: async () => client.close(),
      };
    },
  };
}
