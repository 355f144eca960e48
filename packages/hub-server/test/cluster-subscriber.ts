import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { createParser, type DispatchedEvent } from "@ssekit/codec";

/** A reader that comes back wherever it is sent, as a browser behind a load balancer does. */
export class ClusterSubscriber {
  readonly topics: readonly string[];
  /** All that it got, in order, on all its connections. */
  readonly received: DispatchedEvent[] = [];
  /** How often it came in. */
  connections = 0;
  /** Called at each event and connection. */
  readonly #listeners = new Set<() => void>();
  readonly #pick: () => string;
  #request: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastEventId = "";
  #left = false;

  /** @param pick gives the URL of a node for the next connection */
  constructor(topics: readonly string[], pick: () => string) {
    this.topics = topics;
    this.#pick = pick;
    this.#connect();
  }

  /** Drops its connection; it comes back. */
  drop(): void {
    this.#request?.destroy();
  }

  /** Fulfils when this holds after some event or connection, or holds already; or when the signal aborts. */
  async until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    if (holds() || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const listener = (): void => {
        if (!signal.aborted && !holds()) return;
        this.#listeners.delete(listener);
        signal.removeEventListener("abort", listener);
        resolve();
      };
      this.#listeners.add(listener);
      signal.addEventListener("abort", listener);
    });
  }

  /** Reads nothing until `resume`: what comes fills the buffers of the system, and then the hub's reader is blocked. */
  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  leave(): void {
    this.#left = true;
    clearTimeout(this.#timer);
    this.#request?.destroy();
  }

  #connect(): void {
    const query = new URLSearchParams(this.topics.map((topic) => ["match", topic]));
    const headers = this.#lastEventId === "" ? {} : { "last-event-id": this.#lastEventId };
    const request = get(`${this.#pick()}/.well-known/mercure?${query}`, { agent: false, headers });
    this.#request = request;
    request.on("response", (response) => {
      this.#response = response;
      // A new stream seeds its parser with nothing, for every event of a hub has an id.
      const parser = createParser({ onEvent: (event) => this.#take(event) });
      if (response.statusCode === 200) {
        response.on("data", (chunk: Uint8Array) => parser.feed(chunk));
        this.connections += 1;
        this.#tell();
      } else response.resume();
      response.on("error", () => {});
    });
    request.on("error", () => {});
    request.on("close", () => {
      if (this.#left) return;
      this.#timer = setTimeout(() => this.#connect(), 50 + 100 * Math.random());
    });
  }

  #take(event: DispatchedEvent): void {
    this.keep(event);
    if (event.lastEventId !== "") this.#lastEventId = event.lastEventId;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Notes what it got. */
  protected keep(event: DispatchedEvent): void {
    this.received.push(event);
  }
}
