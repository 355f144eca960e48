import { createParser } from "@ssekit/codec";
import { decodeContent } from "./decode-content.ts";
import { type Head, joinedValueOf } from "./request.ts";
import type { Ending } from "./response-parser.ts";

/** An event as the reader got it. */
export interface ReceivedEvent {
  readonly type: string;
  readonly data: string;
  /** The last event ID string at its dispatch. */
  readonly lastEventId: string;
}

/** How a stream is read. */
export interface ReadOptions {
  /** What this reader came back with; empty by default. */
  readonly lastEventId?: string | undefined;
  /** Takes data that is a string of JSON for what that says. */
  readonly json?: boolean | undefined;
}

/** One response, read as it comes: its head, its bytes, the events in it, and how it ends. */
export class StreamReader {
  /** The head, once it has come. */
  head: Head | undefined;
  /** What the response has said wrongly of itself, as sentences. */
  readonly faults: string[] = [];
  /** The content so far, decoded. */
  readonly pieces: Uint8Array[] = [];
  readonly events: ReceivedEvent[] = [];
  readonly comments: string[] = [];
  readonly reconnectionTimes: number[] = [];
  /** The last event ID string: what this reader would come back with. */
  lastEventId: string;
  /** How the response ended, once it has. */
  ending: Ending | undefined;
  /** Stops reading from the connection, and reads on. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly #leave: (how: "end" | "reset") => void;
  readonly #watchers = new Set<() => void>();
  readonly #parser;
  #decoder: ReturnType<typeof decodeContent> | undefined;

  constructor(
    connection: { pause(): void; resume(): void; leave(how: "end" | "reset"): void },
    { lastEventId = "", json = false }: ReadOptions = {},
  ) {
    this.pause = () => connection.pause();
    this.resume = () => connection.resume();
    this.#leave = (how) => connection.leave(how);
    this.lastEventId = lastEventId;
    this.#parser = createParser(
      {
        onEvent: (event) => this.events.push(json ? { ...event, data: ofJson(event.data) } : event),
        onComment: (comment) => this.comments.push(comment),
        onReconnectionTime: (time) => this.reconnectionTimes.push(time),
        onLastEventId: (id) => {
          this.lastEventId = id;
        },
      },
      { lastEventId },
    );
  }

  /** All of the content that has come. */
  get content(): Buffer {
    return Buffer.concat(this.pieces);
  }

  /** The content as text. */
  get text(): string {
    return this.content.toString();
  }

  /** Waits until this gives something; `undefined` when the response ends or the time is over before it does. */
  async until<Found>(look: () => Found | undefined | false, within: number): Promise<Found | undefined> {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (this.ending !== undefined) return undefined;
    return await new Promise((resolve) => {
      const settle = (value: Found | undefined): void => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        resolve(value);
      };
      const watch = (): void => {
        const found = look();
        if (found !== undefined && found !== false) settle(found);
        else if (this.ending !== undefined) settle(undefined);
      };
      const timer = setTimeout(settle, within, undefined);
      this.#watchers.add(watch);
    });
  }

  /** Waits for the end of the response. */
  async untilEnded(within: number): Promise<Ending | undefined> {
    await this.until(() => this.ending, within);
    return this.ending;
  }

  /** Goes away: in good order, or by a reset. */
  leave(how: "end" | "reset" = "end"): void {
    this.#leave(how);
  }

  /** For the connection: the head has come. */
  begin(head: Head): void {
    this.head = head;
    const coding = joinedValueOf(head, "content-encoding")?.toLowerCase();
    if (coding !== undefined && coding !== "identity") {
      this.#decoder = decodeContent(coding, {
        onBytes: (bytes) => this.#take(bytes),
        onFault: (fault) => this.fault(fault),
      });
    }
    this.#changed();
  }

  /** For the connection: bytes of the content have come. */
  receive(bytes: Uint8Array): void {
    if (this.#decoder === undefined) this.#take(bytes);
    else this.#decoder.write(bytes);
  }

  /** For the connection: the response breaks a rule. */
  fault(fault: string): void {
    this.faults.push(fault);
    this.#changed();
  }

  /** For the connection: the response is over. */
  end(ending: Ending): void {
    if (this.ending !== undefined) return;
    const settle = (): void => {
      this.ending = ending;
      this.#changed();
    };
    if (this.#decoder === undefined) settle();
    else this.#decoder.end(settle);
  }

  #take(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.#parser.feed(bytes);
    this.#changed();
  }

  #changed(): void {
    for (const watch of [...this.#watchers]) watch();
  }
}

function ofJson(data: string): string {
  try {
    const value: unknown = JSON.parse(data);
    // JSON keeps the line ends of a text, which the lines of an event don't: cases compare them as LF.
    return typeof value === "string" ? value.replaceAll(/\r\n?/g, "\n") : data;
  } catch {
    return data;
  }
}
