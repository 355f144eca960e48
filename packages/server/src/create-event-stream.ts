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
import { type Deferred, defer } from "./deferred.ts";
import { encodeJsonEvent } from "./encode-json-event.ts";
import type { CloseReason, EventStream, ServerSentEventSource } from "./event-stream.ts";
import { checkInit, type EventStreamInit } from "./event-stream-init.ts";
import { Outbox } from "./outbox.ts";
import { readLastEventId } from "./read-last-event-id.ts";
import { reportTo } from "./report-to.ts";
import { responseHeaders } from "./response-headers.ts";
import { sendAll } from "./send-all.ts";
import { StallWatch } from "./stall-watch.ts";
import { statusWithoutBody } from "./status-without-body.ts";
import { type TimerWheel, type WheelTimer, wheelOf } from "./timer-wheel.ts";
import type { HeaderList, RequestHead, Transport } from "./transport.ts";

/** Bytes of one write: what a turn sent beyond it goes out as further writes. */
const MAX_WRITE = 65_536;

const NO_HEADERS: HeaderList = [];

const EMPTY_COMMENT = encodeEvent({ comment: "" });

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
 *   open: (headers) => console.log(200, headers),
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

/** Most streams are only ever sent to: what few ask for is made when they do, since a server may have very many. */
class TransportEventStream implements EventStream {
  readonly lastEventId: string | undefined;

  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #heartbeat: number;
  readonly #retry: number | undefined;
  readonly #stallTimeout: number;
  readonly #highWaterMark: number;
  readonly #maxBufferedBytes: number;
  readonly #onError: ((error: unknown) => void) | undefined;
  readonly #outbox: Outbox = new Outbox(MAX_WRITE);

  #headers: HeaderList;
  #head: "due" | "held" | "left" = "due";
  /** The status to answer without a body, in place of a stream. */
  #bodiless: number | undefined;
  #flushDue = false;
  #beatTimer: WheelTimer | undefined;
  #ageTimer: WheelTimer | undefined;
  #holdTimer: WheelTimer | undefined;
  /** Whether none of its bytes has waited for the reader yet. */
  #isNew = true;
  /** Whether nothing waited in the transport after the last flush. */
  #isTaken = false;
  #watch: StallWatch | undefined;
  #ready: Deferred<void> | undefined;
  #reason: CloseReason | undefined;
  #closed: Deferred<CloseReason> | undefined;
  #abort: AbortController | undefined;
  #closeListeners: ((reason: CloseReason) => void)[] | undefined;
  #give: (() => EncodedEvent | undefined) | undefined;

  constructor(request: RequestHead, transport: Transport, init: EventStreamInit) {
    const { heartbeat = DEFAULT_HEARTBEAT, maxAge, retry, clock = systemClock } = init;
    const { stallTimeout = DEFAULT_STALL_TIMEOUT } = init;
    this.lastEventId = readLastEventId(request);
    this.#transport = transport;
    this.#highWaterMark = transport.highWaterMark;
    this.#headers = responseHeaders(init.headers);
    this.#clock = clock;
    this.#wheel = wheelOf(clock);
    this.#heartbeat = heartbeat === false ? 0 : heartbeat;
    this.#retry = retry;
    this.#stallTimeout = stallTimeout === false ? 0 : stallTimeout;
    this.#maxBufferedBytes = init.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES;
    this.#onError = init.onError;

    // The comment reaches readers that take a head without a body for a response that hasn't begun (RULES B12).
    const first = retry === undefined ? EMPTY_COMMENT : encodeEvent({ comment: "", retry });
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
    if (this.#heartbeat > 0) this.#beatTimer = this.#wheel.add(this.#heartbeat, this.#beat);
    if (maxAge !== undefined) {
      this.#ageTimer = this.#wheel.add(maxAge * (1 - MAX_AGE_JITTER * Math.random()), () => this.close("age"));
    }
  }

  get closed(): Promise<CloseReason> {
    if (this.#closed === undefined) {
      this.#closed = defer();
      if (this.#reason !== undefined) this.#closed.resolve(this.#reason);
    }
    return this.#closed.promise;
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#reason !== undefined) this.#abort.abort(closedError(this.#reason));
    }
    return this.#abort.signal;
  }

  get desiredSize(): number {
    return this.#reason === undefined ? this.#highWaterMark - this.#bufferedBytes : 0;
  }

  get writePath(): "socket" | "response" | undefined {
    return this.#transport.writePath;
  }

  get ready(): Promise<void> {
    if (this.#reason !== undefined || this.desiredSize > 0) return Promise.resolve();
    if (this.#ready === undefined) {
      this.#ready = defer();
      this.#transport.awaitDrain?.();
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
    return sendAll(this, source, { onError: (error) => this.#report(error) });
  }

  write(bytes: EncodedEvent): boolean {
    if (this.#reason !== undefined) return false;
    const buffered = this.#bufferedBytes;
    if (buffered >= this.#maxBufferedBytes) {
      this.#drop("overflow");
      return false;
    }
    this.#outbox.push(bytes);
    this.#scheduleFlush();
    return buffered + bytes.length < this.#highWaterMark;
  }

  close(reason: CloseReason = "server"): void {
    if (this.#reason !== undefined) return;
    if (reason === "drain") this.#tellReturn();
    if (this.#head === "held") this.#head = "due";
    this.#flush();
    if (this.#reason !== undefined) return;
    this.#finish(reason);
    try {
      this.#transport.end();
    } catch (failure) {
      this.#fail(failure);
    }
    this.#watchReader();
  }

  onClose(listener: (reason: CloseReason) => void): void {
    if (this.#reason !== undefined) this.#tellClose(listener, this.#reason);
    else if (this.#closeListeners === undefined) this.#closeListeners = [listener];
    else this.#closeListeners.push(listener);
  }

  onHeartbeat(give: () => EncodedEvent | undefined): void {
    if (this.#reason === undefined) this.#give = give;
  }

  hold(): void {
    if (this.#reason !== undefined || this.#head === "held") return;
    if (this.#head === "left") {
      throw new TypeError("Cannot hold an event stream: its head has left; hold it in the turn that opens it");
    }
    this.#head = "held";
    this.#holdTimer = this.#wheel.add(HOLD_LIMIT, () => this.#turnAway());
  }

  open(): void {
    if (this.#head !== "held") return;
    this.#head = "due";
    this.#wheel.delete(this.#holdTimer);
    this.#holdTimer = undefined;
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
        `Cannot refuse an event stream with status ${status}: its head has left; hold it in the turn that opens it`,
      );
    }
    this.#head = "due";
    this.#bodiless = status;
    if (this.#reason === undefined) this.#finish("server");
    this.#flush();
  }

  /**
   * Bytes that have not left for the network: this turn's, and what the transport still has. It is not asked where it had
   * nothing after the last flush: to fetch it and its response from memory was half of what a write costs in its turn.
   */
  get #bufferedBytes(): number {
    return this.#isTaken ? this.#outbox.size : this.#outbox.size + this.#transport.bufferedBytes;
  }

  #scheduleFlush(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    this.#clock.afterTurn(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushDue = false;
    if (this.#head === "held") return;
    try {
      if (this.#head === "due") this.#sendHead();
      this.#watch?.wrote(this.#outbox.size);
      this.#outbox.writeTo(this.#transport);
    } catch (failure) {
      this.#fail(failure);
    }
    this.#watchReader();
    this.#settleReady();
  };

  /**
   * Watches the reader while bytes wait for it. What came with the head is looked at a turn later, when most of it has
   * left, so that who only waits costs no watch; after that one that is there spares the next writes the look.
   */
  #watchReader(): void {
    if (this.#watch !== undefined) return;
    this.#isTaken = this.#transport.bufferedBytes <= 0;
    if (this.#isTaken || this.#stallTimeout === 0) return;
    if (this.#isNew) {
      this.#isNew = false;
      this.#scheduleFlush();
      return;
    }
    this.#watch = new StallWatch(this.#transport, {
      wheel: this.#wheel,
      timeout: this.#stallTimeout,
      onEnd: (isStalled) => {
        this.#watch = undefined;
        if (isStalled) this.#drop("stalled");
      },
    });
  }

  #sendHead(): void {
    this.#head = "left";
    if (this.#bodiless === undefined) {
      this.#transport.open(this.#headers);
    } else {
      const isHead = this.#bodiless === 200;
      const headers = this.#headers.filter(([name]) => isHead || name !== "content-type");
      this.#transport.answer(this.#bodiless, headers);
    }
    this.#headers = NO_HEADERS;
  }

  #settleReady(): void {
    if (this.#ready === undefined || (this.#reason === undefined && this.desiredSize <= 0)) return;
    this.#ready.resolve();
    this.#ready = undefined;
  }

  readonly #beat = (): void => {
    this.#beatTimer = this.#wheel.add(this.#heartbeat, this.#beat);
    // A heartbeat behind bytes that wait would prove nothing and only wait with them (RULES B20). While the head has
    // not left, the first bytes wait.
    if (this.#bufferedBytes > 0) return;
    let bytes: EncodedEvent | undefined;
    try {
      bytes = this.#give?.();
    } catch (error) {
      this.#report(error);
    }
    this.write(bytes ?? EMPTY_COMMENT);
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

  /** A transport that throws is a stream that is lost. */
  #fail(failure: unknown): void {
    this.#report(failure);
    this.#drop("error");
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
    this.#watch?.stop();
    this.#watch = undefined;
    if (this.#reason !== undefined) return;
    this.#head = "left";
    this.#finish(reason);
    if (error !== undefined) this.#report(error);
  }

  #finish(reason: CloseReason): void {
    this.#reason = reason;
    this.#outbox.clear();
    this.#give = undefined;
    for (const timer of [this.#beatTimer, this.#ageTimer, this.#holdTimer]) this.#wheel.delete(timer);
    this.#closed?.resolve(reason);
    this.#settleReady();
    this.#abort?.abort(closedError(reason));
    for (const listener of this.#closeListeners ?? []) this.#tellClose(listener, reason);
    this.#closeListeners = undefined;
  }

  #tellClose(listener: (reason: CloseReason) => void, reason: CloseReason): void {
    try {
      listener(reason);
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    reportTo(this.#onError, error);
  }
}

function closedError(reason: CloseReason): EventStreamError {
  return new EventStreamError(
    "closed",
    `Cannot use the event stream: it is closed (${reason}); leave what was under way for it`,
  );
}
