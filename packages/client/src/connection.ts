import type { Clock } from "./clock.ts";

/** How an attempt to connect, or the connection that came of it, ended. */
export interface Disconnection {
  /**
   * - `network-error`: the request or the response broke off; `error` says how
   * - `status`: the status is not 200; `response` has it
   * - `content-type`: the response is no event stream
   * - `end`: the server ended the stream
   * - `idle`: nothing came for too long
   * - `asleep`: the machine slept
   * - `reconnect`: the program asked for a new connection
   * - `event-too-large`: an event exceeded `maxEventBytes`
   */
  readonly reason:
    | "network-error"
    | "status"
    | "content-type"
    | "end"
    | "idle"
    | "asleep"
    | "reconnect"
    | "event-too-large";
  /** What was thrown. */
  readonly error?: unknown;
  /** The response that is no event stream. */
  readonly response?: Response;
}

/** What a connection asks of whom it serves. Nothing is asked any more once the connection is closed. */
export interface ConnectionFace {
  /** Sends the request of the next attempt. */
  request(signal: AbortSignal): Promise<Response>;
  /** Hears of the head of an event stream; its body is read when this is over. */
  onOpen(response: Response): Promise<void>;
  /** Takes the next bytes of the body; more are read when this is over. */
  onChunk(chunk: Uint8Array): Promise<void>;
  /** Says after how many ms to try again; `undefined` to give up. */
  onDisconnect(disconnection: Disconnection): Promise<number | undefined>;
}

/**
 * One connection after another, until it is closed or its face gives up: the loop of WHATWG HTML 9.2.3 that both
 * `EventSource` and `EventSourceClient` stand on. It knows no events: bytes are its face's part, as is what is final.
 */
export class Connection {
  readonly #face: ConnectionFace;
  readonly #clock: Clock;
  #closed = false;
  #attempt = new AbortController();
  #endWait: () => void = () => {};

  /** Begins the first attempt at once. */
  constructor(face: ConnectionFace, clock: Clock) {
    this.#face = face;
    this.#clock = clock;
    void this.#run();
  }

  /** Stops for good, whatever it is doing. */
  close(): void {
    this.#closed = true;
    this.#attempt.abort();
    this.#endWait();
  }

  /** Ends the attempt or connection that there is, as if it had ended so by itself. */
  interrupt(disconnection: Disconnection): void {
    this.#attempt.abort(disconnection);
  }

  /** Ends the wait for the next attempt, if it waits or is about to. */
  hurry(): void {
    this.#endWait();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      // A `fetch` that does not heed its signal must not hold up the end.
      const disconnection = await new Promise<Disconnection>((resolve) => {
        signal.addEventListener("abort", () => resolve(signal.reason));
        void this.#read(signal).then(resolve);
      });
      if (this.#closed) return;
      const wait = new Promise<void>((resolve) => {
        this.#endWait = resolve;
      });
      const delay = await this.#face.onDisconnect(disconnection);
      // A response that is no event stream is left to who hears that it was final: its body may say why.
      if (delay === undefined) return;
      this.#attempt.abort();
      const cancel = this.#clock.after(delay, this.#endWait);
      await wait;
      cancel();
    }
  }

  async #read(signal: AbortSignal): Promise<Disconnection> {
    try {
      const response = await this.#face.request(signal);
      const { status, headers, body } = response;
      if (!signal.aborted) {
        if (status !== 200) return { reason: "status", response };
        if (!isEventStream(headers.get("content-type"))) return { reason: "content-type", response };
        await this.#face.onOpen(response);
      }
      const reader = body?.getReader();
      const cancel = (): void => void reader?.cancel().catch(() => {});
      signal.addEventListener("abort", cancel);
      if (signal.aborted) cancel();
      for (;;) {
        const chunk = await reader?.read();
        if (signal.aborted || chunk?.value === undefined) return { reason: "end" };
        await this.#face.onChunk(chunk.value);
      }
    } catch (error) {
      return { reason: "network-error", error };
    }
  }
}

/** Whether the essence of a content type, of the last one where there are several, is `text/event-stream` (RULES A9). */
function isEventStream(contentType: string | null): boolean {
  return /(^|,)\s*text\/event-stream\s*(;([^,"]|"[^"]*")*)?$/i.test(contentType ?? "");
}
