import { createParser, type DispatchedEvent, type EncodedEvent } from "@ssekit/codec";
import type { EventSink } from "./event-sink.ts";

/** Options of {@linkcode ScriptedSink}. */
export interface ScriptedSinkOptions {
  /** The cursor that its request brought. */
  lastEventId?: string | undefined;
  /** How much may be in flight before its reader is behind, in bytes. Default: 64 KiB. */
  highWaterMark?: number;
  /** Whether its reader ignores an id in a block without data, as Firefox and WebKit do. Default: `false`. */
  dropsIdOnlyBlocks?: boolean;
}

/**
 * A sink without a network and the reader at its other end, for tests. What is written arrives at once, until the test
 * blocks it; the heartbeat and the end are at the test's command too.
 *
 * @example
 * ```ts
 * import { createHub } from "@ssekit/hub";
 * import { ScriptedSink } from "@ssekit/hub/testing";
 *
 * const hub = createHub();
 * const sink = new ScriptedSink();
 * await hub.subscribe(sink, "news");
 * console.log(sink.events.map(({ type }) => type)); // [ "ssekit.cursor" ]
 * await hub.close();
 * ```
 */
export class ScriptedSink implements EventSink {
  /** The cursor that its request brought. */
  readonly lastEventId: string | undefined;
  /** What became of the head; a number is the status that it was refused with. */
  head: "new" | "held" | "open" | number = "new";
  /** Every write, in order. */
  readonly writes: EncodedEvent[] = [];
  /** What its reader has got, in order. */
  readonly events: DispatchedEvent[] = [];
  /** Why it closed; `client` when its reader left. */
  closeReason: string | undefined;
  /** What its reader would send as `Last-Event-ID`; empty for none. */
  cursor: string;

  readonly #highWaterMark: number;
  readonly #parser: ReturnType<typeof createParser>;
  #blocked = false;
  #inFlight: Uint8Array[] = [];
  #give: () => EncodedEvent | undefined = () => undefined;
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #ready: Promise<void> | undefined;
  #resolveReady: () => void = () => {};

  /** Opens it, with nothing written. */
  constructor({ lastEventId, highWaterMark = 64 * 1024, dropsIdOnlyBlocks = false }: ScriptedSinkOptions = {}) {
    this.lastEventId = lastEventId;
    this.cursor = lastEventId ?? "";
    this.#highWaterMark = highWaterMark;
    this.#parser = createParser({
      onEvent: (event) => {
        this.events.push(event);
        if (event.lastEventId !== "") this.cursor = event.lastEventId;
      },
      onLastEventId: (id) => {
        if (!dropsIdOnlyBlocks) this.cursor = id;
      },
    });
  }

  /** The high water mark, less what is in flight. */
  get desiredSize(): number {
    return this.closeReason === undefined ? this.#highWaterMark - lengthOf(this.#inFlight) : 0;
  }

  /** Fulfils when its reader is no longer behind, or it has closed. */
  get ready(): Promise<unknown> {
    if (this.desiredSize > 0 || this.closeReason !== undefined) return Promise.resolve();
    this.#ready ??= new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    return this.#ready;
  }

  /** All that was written, as text. */
  get text(): string {
    const decoder = new TextDecoder();
    return this.writes.map((bytes) => decoder.decode(bytes)).join("");
  }

  /** Takes blocks, which arrive at once or stay in flight. */
  write(bytes: EncodedEvent): boolean {
    if (this.closeReason !== undefined) return false;
    this.writes.push(bytes);
    if (this.#blocked) this.#inFlight.push(bytes);
    else this.#parser.feed(bytes);
    return this.desiredSize > 0;
  }

  /** Ends it, after all that was written has arrived. */
  close(reason = "server"): void {
    if (this.closeReason === undefined) this.#end(reason, Number.POSITIVE_INFINITY);
  }

  /** Calls back once it has closed, with the reason. */
  onClose(listener: (reason: string) => void): void {
    if (this.closeReason === undefined) this.#closeListeners.push(listener);
    else listener(this.closeReason);
  }

  /** Sets what `beat` asks. */
  onHeartbeat(give: () => EncodedEvent | undefined): void {
    this.#give = give;
  }

  /** Keeps the head back. */
  hold(): void {
    if (this.head === "open") throw new TypeError("Cannot hold the head: it has left");
    this.head = "held";
  }

  /** Lets the head go. */
  open(): void {
    this.head = "open";
  }

  /** Answers a status instead. */
  refuse(status: number): void {
    this.head = status;
    this.close();
  }

  /** Keeps in flight what is written from now on. */
  block(): void {
    this.#blocked = true;
  }

  /** Lets arrive what is in flight, and what is written from now on. */
  unblock(): void {
    this.#blocked = false;
    this.#arrive(Number.POSITIVE_INFINITY);
    this.#settleReady();
  }

  /** One heartbeat: writes and gives what the stream would send; nothing while bytes wait, or where a comment would go. */
  beat(): EncodedEvent | undefined {
    if (this.#inFlight.length > 0 || this.closeReason !== undefined) return undefined;
    const bytes = this.#give();
    if (bytes !== undefined) this.write(bytes);
    return bytes;
  }

  /** Its reader takes this many bytes of those in flight, and stays as slow as it is. */
  take(bytes: number): void {
    this.#arrive(bytes);
    if (this.desiredSize > 0) this.#settleReady();
  }

  /** Its reader goes away, after this many bytes of those in flight have arrived; the rest is lost. */
  leave(arriving = 0): void {
    if (this.closeReason === undefined) this.#end("client", arriving);
  }

  #end(reason: string, arriving: number): void {
    this.#arrive(arriving);
    this.#inFlight = [];
    this.closeReason = reason;
    for (const listener of this.#closeListeners.splice(0)) listener(reason);
    this.#settleReady();
  }

  #arrive(most: number): void {
    let left = most;
    while (left > 0 && this.#inFlight.length > 0) {
      const bytes = this.#inFlight.shift() as Uint8Array;
      this.#parser.feed(bytes.subarray(0, left));
      if (left < bytes.length) this.#inFlight.unshift(bytes.subarray(left));
      left -= bytes.length;
    }
  }

  #settleReady(): void {
    this.#resolveReady();
    this.#ready = undefined;
  }
}

function lengthOf(blocks: readonly Uint8Array[]): number {
  return blocks.reduce((length, { byteLength }) => length + byteLength, 0);
}
