import type { EncodedEvent } from "@ssekit/codec";
import type { EventSink } from "./event-sink.ts";

/** Options of {@linkcode ScriptedSink}. */
export interface ScriptedSinkOptions {
  /** The cursor that its request brought. */
  lastEventId?: string;
  /** What it takes before its reader is behind, in bytes. Default: 64 KiB. */
  highWaterMark?: number;
}

/**
 * A sink without a network, for tests: it takes what it is given until it is blocked, and its head, its heartbeat and
 * its end are at the test's command.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { ScriptedSink } from "@ssekit/hub/testing";
 *
 * const hub = createHub();
 * const sink = new ScriptedSink();
 * await hub.subscribe(sink, "news");
 * console.log(sink.text.startsWith("event: ssekit.cursor")); // true
 * await hub.close();
 * ```
 */
export class ScriptedSink implements EventSink {
  readonly lastEventId: string | undefined;
  /** What became of the head. */
  head: "new" | "held" | "open" | number = "new";
  /** Every write, in order. */
  readonly writes: EncodedEvent[] = [];
  /** Why it closed; `client` when its reader left. */
  closeReason: string | undefined;

  readonly #highWaterMark: number;
  readonly #abort = new AbortController();
  #buffered = 0;
  #blocked = false;
  #give: () => EncodedEvent | undefined = () => undefined;
  #resolveClosed: () => void = () => {};
  #resolveReady: () => void = () => {};
  readonly #closed = new Promise<void>((resolve) => {
    this.#resolveClosed = resolve;
  });
  #ready: Promise<void> = Promise.resolve();

  constructor({ lastEventId, highWaterMark = 64 * 1024 }: ScriptedSinkOptions = {}) {
    this.lastEventId = lastEventId;
    this.#highWaterMark = highWaterMark;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get closed(): Promise<unknown> {
    return this.#closed;
  }

  get desiredSize(): number {
    return this.closeReason === undefined ? this.#highWaterMark - this.#buffered : 0;
  }

  get ready(): Promise<unknown> {
    return this.#ready;
  }

  /** All that was written, as text. */
  get text(): string {
    const decoder = new TextDecoder();
    return this.writes.map((bytes) => decoder.decode(bytes)).join("");
  }

  write(bytes: EncodedEvent): boolean {
    if (this.closeReason !== undefined) return false;
    this.writes.push(bytes);
    if (this.#blocked) this.#fill(this.#buffered + bytes.length);
    return this.desiredSize > 0;
  }

  close(reason = "server"): void {
    if (this.closeReason !== undefined) return;
    this.closeReason = reason;
    this.#abort.abort();
    this.#resolveClosed();
    this.#resolveReady();
  }

  onHeartbeat(give: () => EncodedEvent | undefined): void {
    this.#give = give;
  }

  hold(): void {
    if (this.head === "open") throw new TypeError("Cannot hold the head: it has left");
    this.head = "held";
  }

  open(): void {
    this.head = "open";
  }

  refuse(status: number): void {
    this.head = status;
    this.close();
  }

  /** Lets nothing leave any more: what is written now counts against the high water mark, or it is full at once. */
  block({ full = true }: { full?: boolean } = {}): void {
    this.#blocked = true;
    if (full) this.#fill(this.#highWaterMark);
  }

  /** Lets all leave. */
  unblock(): void {
    this.#blocked = false;
    this.#buffered = 0;
    this.#resolveReady();
  }

  /** One heartbeat: what the stream would send; nothing while it is blocked, or where a comment would go. */
  beat(): EncodedEvent | undefined {
    const bytes = this.desiredSize > 0 ? this.#give() : undefined;
    if (bytes !== undefined) this.write(bytes);
    return bytes;
  }

  /** The reader goes away. */
  leave(): void {
    this.close("client");
  }

  #fill(buffered: number): void {
    const wasWritable = this.desiredSize > 0;
    this.#buffered = buffered;
    if (wasWritable && this.desiredSize <= 0) {
      this.#ready = new Promise((resolve) => {
        this.#resolveReady = resolve;
      });
    }
  }
}
