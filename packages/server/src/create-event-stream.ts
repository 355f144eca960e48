import { type EncodedEvent, EventStreamError, encodeEvent, type ServerSentEvent } from "@ssekit/codec";
import { type Clock, systemClock } from "./clock.ts";
import {
  DEFAULT_HEARTBEAT,
  DEFAULT_HELD_RETRY,
  DEFAULT_MAX_BUFFERED_BYTES,
  DEFAULT_STALL_TIMEOUT,
  HOLD_LIMIT,
  MAX_AGE_JITTER,
} from "./defaults.ts";
import { encodeJsonEvent } from "./encode-json-event.ts";
import { errorReporter } from "./error-reporter.ts";
import type { CloseReason, EventStream, ServerSentEventSource } from "./event-stream.ts";
import { checkInit, type EventStreamInit } from "./event-stream-init.ts";
import { Outbox } from "./outbox.ts";
import { readLastEventId } from "./read-last-event-id.ts";
import { responseHeaders } from "./response-headers.ts";
import { sendAll } from "./send-all.ts";
import { StallWatch } from "./stall-watch.ts";
import { statusWithoutBody } from "./status-without-body.ts";
import { type TimerWheel, type WheelTimer, wheelOf } from "./timer-wheel.ts";
import type { RequestHead, Transport } from "./transport.ts";

/** Bytes of one write: what a turn sent beyond it goes out as further writes. */
const MAX_WRITE = 65_536;

const HEARTBEAT = encodeEvent({ comment: "" });

/**
 * Opens an event stream on a transport: what adapters are built with. Apps call the adapter's function, such as
 * `eventStreamResponse`.
 *
 * `HEAD` is answered with the head, and a GET or HEAD whose `Accept` excludes event streams with 406; the stream of
 * either is closed from the start (RULES B13, B15).
 *
 * @throws {TypeError | RangeError} when an option is wrong, before anything is sent.
 *
 * @example
 * ```ts
 * import { createEventStream, type Transport } from "@ssekit/server";
 *
 * const transport: Transport = {
 *   bufferedBytes: 0,
 *   highWaterMark: 65_536,
 *   observe: () => {},
 *   answer: (status) => console.log(status),
 *   open: (headers) => console.log(200, headers.get("content-type")),
 *   write: (bytes) => console.log(new TextDecoder().decode(bytes)),
 *   end: () => console.log("end"),
 *   abort: () => console.log("abort"),
 * };
 * createEventStream(new Request("http://localhost/events"), transport).close();
 * ```
 */
export function createEventStream(request: RequestHead, transport: Transport, init: EventStreamInit = {}): EventStream {
  checkInit(init);
  return new TransportEventStream(request, transport, init);
}

class TransportEventStream implements EventStream {
  readonly lastEventId: string | undefined;
  readonly closed: Promise<CloseReason>;

  readonly #transport: Transport;
  readonly #headers: Headers;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #heartbeat: number;
  readonly #retry: number | undefined;
  readonly #maxBufferedBytes: number;
  readonly #report: (error: unknown) => void;
  readonly #outbox: Outbox = new Outbox(MAX_WRITE);
  readonly #watch: StallWatch;
  readonly #timers: { beat?: WheelTimer; age?: WheelTimer; hold?: WheelTimer } = {};

  #head: "due" | "held" | "left" = "due";
  /** The status to answer without a body, in place of a stream. */
  #bodiless: number | undefined;
  #flushDue = false;
  #ready: { promise: Promise<void>; resolve: () => void } | undefined;
  #reason: CloseReason | undefined;
  #resolveClosed!: (reason: CloseReason) => void;
  #abort: AbortController | undefined;
  #give: (() => EncodedEvent | undefined) | undefined;

  constructor(request: RequestHead, transport: Transport, init: EventStreamInit) {
    const { heartbeat = DEFAULT_HEARTBEAT, maxAge, retry, clock = systemClock } = init;
    const { stallTimeout = DEFAULT_STALL_TIMEOUT } = init;
    this.lastEventId = readLastEventId(request);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#transport = transport;
    this.#headers = responseHeaders(init.headers);
    this.#clock = clock;
    this.#wheel = wheelOf(clock);
    this.#heartbeat = heartbeat === false ? 0 : heartbeat;
    this.#retry = retry;
    this.#maxBufferedBytes = init.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES;
    this.#report = errorReporter(init.onError);
    this.#watch = new StallWatch(transport, {
      wheel: this.#wheel,
      timeout: stallTimeout === false ? 0 : stallTimeout,
      onStall: () => this.#drop("stalled"),
    });

    // The comment reaches readers that take a head without a body for a response that hasn't begun (RULES B12).
    const first = encodeEvent(retry === undefined ? { comment: "" } : { comment: "", retry });
    // Before anything can wait, so that no end of the connection is missed (RULES B17).
    transport.observe({
      onDrain: () => this.#settleReady(),
      onClose: (reason, error) => this.#lose(reason, error),
    });
    if (this.#reason !== undefined) return;
    this.#scheduleFlush();
    this.#bodiless = statusWithoutBody(request);
    if (this.#bodiless !== undefined) {
      this.#finish("server");
      return;
    }
    this.#outbox.push(first);
    if (this.#heartbeat > 0) this.#timers.beat = this.#wheel.add(this.#heartbeat, this.#beat);
    if (maxAge !== undefined) {
      this.#timers.age = this.#wheel.add(maxAge * (1 - MAX_AGE_JITTER * Math.random()), () => this.close("age"));
    }
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#reason !== undefined) this.#abort.abort(closedError(this.#reason));
    }
    return this.#abort.signal;
  }

  get desiredSize(): number {
    return this.#reason === undefined ? this.#transport.highWaterMark - this.#bufferedBytes : 0;
  }

  get ready(): Promise<void> {
    if (this.#reason !== undefined || this.desiredSize > 0) return Promise.resolve();
    if (this.#ready === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((fulfil) => {
        resolve = fulfil;
      });
      this.#ready = { promise, resolve };
    }
    return this.#ready.promise;
  }

  send(event: ServerSentEvent<unknown>): void {
    if (this.#reason === undefined) this.write(encodeJsonEvent(event));
  }

  comment(text: string): void {
    if (this.#reason === undefined) this.write(encodeEvent({ comment: text }));
  }

  sendAll(source: ServerSentEventSource): Promise<void> {
    return sendAll(this, source, { onError: this.#report });
  }

  write(bytes: EncodedEvent): boolean {
    if (this.#reason !== undefined) return false;
    if (this.#bufferedBytes >= this.#maxBufferedBytes) {
      this.#drop("overflow");
      return false;
    }
    this.#outbox.push(bytes);
    this.#scheduleFlush();
    return this.desiredSize > 0;
  }

  close(reason: CloseReason = "server"): void {
    if (this.#reason !== undefined) return;
    if (reason === "drain") this.#tellReturn();
    if (this.#head === "held") this.#head = "due";
    this.#flush();
    if (this.#reason !== undefined) return;
    this.#finish(reason);
    this.#attempt(() => this.#transport.end());
    this.#watch.wrote(0);
  }

  onHeartbeat(give: () => EncodedEvent | undefined): void {
    if (this.#reason === undefined) this.#give = give;
  }

  hold(): void {
    if (this.#reason !== undefined || this.#head === "held") return;
    if (this.#head === "left") {
      throw new TypeError("Cannot hold an event stream: its head has left, hold it in the turn that opens it");
    }
    this.#head = "held";
    this.#timers.hold = this.#wheel.add(HOLD_LIMIT, () => this.#turnAway());
  }

  open(): void {
    if (this.#head !== "held") return;
    this.#head = "due";
    this.#cancel("hold");
    this.#scheduleFlush();
  }

  refuse(status: number): void {
    if (!Number.isInteger(status) || status <= 200 || status > 599) {
      throw new RangeError(
        `Cannot refuse an event stream with status ${status}: give one from 201 to 599, 204 to say stop`,
      );
    }
    if (this.#head === "left") {
      if (this.#reason !== undefined) return;
      throw new TypeError(
        `Cannot refuse an event stream with status ${status}: its head has left, hold it in the turn that opens it`,
      );
    }
    this.#head = "due";
    this.#bodiless = status;
    if (this.#reason === undefined) this.#finish("server");
    this.#flush();
  }

  /** Bytes that have not left for the network: this turn's, and what the transport still has. */
  get #bufferedBytes(): number {
    return this.#outbox.size + this.#transport.bufferedBytes;
  }

  #scheduleFlush(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    this.#clock.afterTurn(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushDue = false;
    if (this.#head === "held") return;
    this.#attempt(() => {
      if (this.#head === "due") this.#sendHead();
      for (const bytes of this.#outbox.take()) {
        this.#transport.write(bytes);
        this.#watch.wrote(bytes.length);
      }
    });
    this.#settleReady();
  };

  #sendHead(): void {
    this.#head = "left";
    if (this.#bodiless === undefined) {
      this.#transport.open(this.#headers);
    } else {
      if (this.#bodiless !== 200) this.#headers.delete("content-type");
      this.#transport.answer(this.#bodiless, this.#headers);
    }
  }

  #settleReady(): void {
    if (this.#ready === undefined || (this.#reason === undefined && this.desiredSize <= 0)) return;
    this.#ready.resolve();
    this.#ready = undefined;
  }

  readonly #beat = (): void => {
    this.#timers.beat = this.#wheel.add(this.#heartbeat, this.#beat);
    // A heartbeat behind bytes that wait would prove nothing and only wait with them (RULES B20). While the head has
    // not left, the first bytes wait.
    if (this.#bufferedBytes > 0) return;
    let bytes: EncodedEvent | undefined;
    try {
      bytes = this.#give?.();
    } catch (error) {
      this.#report(error);
    }
    this.write(bytes ?? HEARTBEAT);
  };

  /** Held too long: the status is not known yet, and 200 is the only one that a reader comes back after. */
  #turnAway(): void {
    this.#tellReturn();
    this.close("server");
  }

  /** A reconnection time of its own for each reader, so that those sent away together don't return together. */
  #tellReturn(): void {
    const retry = (this.#retry ?? DEFAULT_HELD_RETRY) * (1 + Math.random());
    this.#outbox.push(encodeEvent({ retry: Math.min(Math.round(retry), Number.MAX_SAFE_INTEGER) }));
  }

  /** Runs what calls the transport; a transport that throws is a stream that is lost. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#report(error);
      this.#drop("error");
    }
  }

  #drop(reason: CloseReason): void {
    this.#lose(reason);
    try {
      this.#transport.abort();
    } catch (error) {
      this.#report(error);
    }
  }

  #lose(reason: CloseReason, error?: unknown): void {
    this.#watch.stop();
    if (this.#reason !== undefined) return;
    this.#head = "left";
    this.#finish(reason);
    if (error !== undefined) this.#report(error);
  }

  #finish(reason: CloseReason): void {
    this.#reason = reason;
    this.#outbox.clear();
    this.#give = undefined;
    for (const name of ["beat", "age", "hold"] as const) this.#cancel(name);
    this.#resolveClosed(reason);
    this.#settleReady();
    this.#abort?.abort(closedError(reason));
  }

  #cancel(name: "beat" | "age" | "hold"): void {
    const timer = this.#timers[name];
    if (timer !== undefined) this.#wheel.delete(timer);
  }
}

function closedError(reason: CloseReason): EventStreamError {
  return new EventStreamError("closed", `The event stream is closed: ${reason}`);
}
