import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { createParser, type DispatchedEvent, type EventParser } from "@ssekit/codec";
import { DeliveryLedger } from "./delivery-ledger.ts";
import { LoadFailure } from "./failure.ts";
import { now } from "./now.ts";
import { parseNumberedData } from "./numbered-event.ts";
import { type RequestTarget, requestText } from "./request-target.ts";
import { ResponseReader } from "./response-reader.ts";
import type { Tally } from "./tally.ts";

/** When the events of a run are due. */
export interface Schedule {
  /** When the first one was due, by `now()`. */
  readonly startedAt: number;
  /** Milliseconds from one event to the next. */
  readonly interval: number;
  /** How many publishers share the schedule, in turns. */
  readonly publishers: number;
}

/** What the readers of one thread share. */
export interface ReaderContext {
  readonly target: RequestTarget;
  readonly tally: Tally;
  /** How long the head may take, in milliseconds. */
  readonly timeout: number;
  /** Name of the run, which its events carry. */
  readonly run: string;
  /** Known once something is published. */
  schedule: Schedule | undefined;
  /** Called with the latency of each published event, in milliseconds. */
  onDelivery(latency: number): void;
  /** Called when the stream of a reader ended or broke, though this tool did not close it. */
  onClosed(reader: LoadReader): void;
}

const TYPE = /^text\/event-stream\s*(?:;|$)/i;

/** One reader: a connection, its stream, and what it got of what was published. */
export class LoadReader {
  readonly #context: ReaderContext;
  readonly #ledgers = new Map<number, DeliveryLedger>();
  #socket: Socket | undefined;
  #parser: EventParser | undefined;
  #lastEventId = "";
  #openedAt = 0;
  #eventAt: number | undefined;
  #stalled = false;
  #counted = false;

  constructor(context: ReaderContext) {
    this.#context = context;
  }

  /** Whether its head came and its stream has not ended. */
  get open(): boolean {
    return this.#socket !== undefined && this.#parser !== undefined;
  }

  /** Opens the stream, anew or after the last event ID; fulfils with whether an event stream began. */
  connect(): Promise<boolean> {
    const { target, timeout } = this.#context;
    const { hostname, port, protocol } = new URL(target.url);
    const host = hostname.replace(/^\[|\]$/g, "");
    const secure = protocol === "https:";
    const to = { host, port: Number(port || (secure ? 443 : 80)) };
    this.#openedAt = now();
    this.#eventAt = undefined;
    const socket = secure
      ? connectTls({
          ...to,
          // Names alone may be told in a handshake.
          servername: isIP(host) === 0 ? host : "",
          rejectUnauthorized: !target.insecure,
          ALPNProtocols: ["http/1.1"],
        })
      : connect(to);
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.write(requestText(target, this.#lastEventId));
    return new Promise((resolve) => {
      const settle = (began: boolean): void => {
        clearTimeout(timer);
        resolve(began);
      };
      const response = new ResponseReader({
        onHead: (status, fields) => {
          this.#begin(status, fields);
          settle(true);
        },
        onBody: (bytes) => this.#read(bytes),
        onEnd: () => this.#end(socket),
      });
      const fail = (error: Error): void => {
        if (this.#socket !== socket) return;
        this.#context.tally.fail(error);
        this.#drop();
        settle(false);
      };
      const timer = setTimeout(fail, timeout, new LoadFailure("timeout", `No head within ${timeout} ms`));
      socket.on("data", (bytes: Buffer) => {
        if (this.#socket !== socket) return;
        try {
          response.feed(bytes);
        } catch (error) {
          fail(error as Error);
        }
      });
      socket.on("error", fail);
      socket.on("close", () => {
        response.end();
        fail(
          new LoadFailure("closed", `The connection closed before the ${this.open ? "stream had ended" : "head came"}`),
        );
      });
    });
  }

  /** Reads nothing more, as a reader that hangs. */
  stall(): void {
    this.#stalled = true;
    this.#socket?.pause();
  }

  /** Breaks the connection off and connects again; what it misses meanwhile counts as lost, if it can resume. */
  async churn(): Promise<void> {
    this.#context.tally.counters.churned += 1;
    this.close();
    if (this.#lastEventId === "") this.#ledgers.clear();
    await this.connect();
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#parser = undefined;
    socket?.destroy();
  }

  /** From now on each event of the publishers is to come, from the first. */
  expect(publishers: number): void {
    for (let publisher = 0; publisher < publishers; publisher += 1) this.#ledgers.set(publisher, new DeliveryLedger(0));
  }

  /** What is missing of `published` events by publisher; nothing of a reader that hangs or is gone. */
  lost(published: readonly number[]): number {
    if (!this.open || this.#stalled) return 0;
    return published.reduce((sum, end, publisher) => sum + (this.#ledgers.get(publisher)?.lost(end) ?? 0), 0);
  }

  /** Adds what was lost, came again and came out of order to the tally. */
  report(published: readonly number[]): void {
    const { counters } = this.#context.tally;
    const ledgers = [...this.#ledgers.values()];
    const lost = this.lost(published);
    const repeated = ledgers.reduce((sum, ledger) => sum + ledger.repeated, 0);
    const reordered = ledgers.reduce((sum, ledger) => sum + ledger.reordered, 0);
    counters.lost += lost;
    counters.repeated += repeated;
    counters.reordered += reordered;
    if (lost + repeated + reordered > 0) counters.disordered += 1;
  }

  #begin(status: number, fields: ReadonlyMap<string, string>): void {
    if (status !== 200) {
      const location = fields.get("location");
      const hint = location === undefined ? "" : `; it leads to ${location}: give that address`;
      throw new LoadFailure("status", `The status is ${status} and not 200${hint}`);
    }
    const type = fields.get("content-type");
    if (type === undefined || !TYPE.test(type)) {
      throw new LoadFailure(
        "not-an-event-stream",
        `The content type is ${type ?? "missing"} and not text/event-stream`,
      );
    }
    const { tally } = this.#context;
    tally.record("head", now() - this.#openedAt);
    if (!this.#counted) tally.counters.opened += 1;
    this.#counted = true;
    this.#parser = createParser(
      {
        onEvent: (event) => this.#take(event),
        onComment: () => {
          tally.counters.comments += 1;
        },
        onLastEventId: (id) => {
          this.#lastEventId = id;
        },
      },
      { lastEventId: this.#lastEventId },
    );
  }

  #read(bytes: Uint8Array): void {
    this.#context.tally.counters.bytes += bytes.length;
    this.#parser?.feed(bytes);
  }

  #take({ data }: DispatchedEvent): void {
    const { tally, run, schedule } = this.#context;
    const at = now();
    if (this.#eventAt === undefined) tally.record("firstEvent", at - this.#openedAt);
    else tally.record("gap", at - this.#eventAt);
    this.#eventAt = at;
    tally.counters.events += 1;
    const numbered = parseNumberedData(run, data);
    if (schedule === undefined || numbered === undefined) return;
    const { publisher, number } = numbered;
    let ledger = this.#ledgers.get(publisher);
    if (ledger === undefined) {
      ledger = new DeliveryLedger();
      this.#ledgers.set(publisher, ledger);
    }
    if (!ledger.take(number)) return;
    const due = schedule.startedAt + (number * schedule.publishers + publisher) * schedule.interval;
    tally.record("delivery", at - due);
    this.#context.onDelivery(at - due);
  }

  #end(socket: Socket): void {
    if (this.#socket !== socket) return;
    const { tally } = this.#context;
    tally.counters.ended += 1;
    tally.record("stream", now() - this.#openedAt);
    this.#drop();
  }

  #drop(): void {
    const wasOpen = this.open;
    this.close();
    if (wasOpen) this.#context.onClosed(this);
  }
}
