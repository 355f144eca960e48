import { type EncodedEvent, encodeEvent } from "@ssekit/codec";
import { entrySize } from "./entry-size.ts";
import type { LogEntry, Page, Position } from "./event-log.ts";
import { cursorEvent } from "./hub-events.ts";
import { TopicReference } from "./topic-reference.ts";

/** Whose id an event carries on the wire: the hub's cursor, or the publisher's own where there is one. */
export type WireIds = "cursor" | "publisher";

/** What it takes to read a log's entries as the hub sends them. */
export interface EntryReader {
  readonly ids: WireIds;
  readonly base: URL;
}

/** An entry of the log as this node delivers it: encoded once, and shared by all who get it. */
export class HubEntry {
  /** The place just before this entry. */
  readonly before: Position;
  /** The place just after it. */
  readonly position: Position;
  readonly topics: readonly TopicReference[];
  readonly private: boolean;
  /** What it is about, where a later one of the same key supersedes it. */
  readonly key: string | undefined;
  /** Whether it ends its topics. */
  readonly end: boolean;
  /** What it takes in memory, in bytes. */
  readonly size: number;
  readonly #entry: LogEntry;
  readonly #ids: WireIds;
  #bytes: EncodedEvent | undefined;

  constructor(entry: LogEntry, before: Position, { ids, base }: EntryReader) {
    this.before = before;
    this.position = entry.position;
    this.topics = entry.topics.map((topic) => new TopicReference(topic, base));
    this.private = entry.private;
    this.key = entry.key;
    this.end = entry.end;
    this.size = entrySize(entry);
    this.#entry = entry;
    this.#ids = ids;
  }

  /**
   * Whether the block carries an id. One without data doesn't: an id-only block is lost in Firefox and WebKit (HUB
   * A1), so the next cursor event moves those readers instead.
   */
  get hasId(): boolean {
    return this.end || this.#entry.event.data !== undefined;
  }

  /** The block, made when the first reader needs it. An end is a cursor event: who comes back with it is answered 204. */
  get bytes(): EncodedEvent {
    this.#bytes ??= encodeEvent(this.#block());
    return this.#bytes;
  }

  #block(): Parameters<typeof encodeEvent>[0] {
    if (this.end) return cursorEvent(this.position);
    const { data, ...rest } = this.#entry.event;
    if (data === undefined) return { retry: rest.retry, comment: rest.comment };
    const id = this.#ids === "publisher" ? (this.#entry.id ?? this.position.cursor) : this.position.cursor;
    return { ...rest, data, id };
  }
}

/** The entries of a page, each with the place just before it; throws where one is missing. */
export function entriesOf(page: Page, reader: EntryReader): HubEntry[] {
  let before = page.after;
  return page.entries.map((entry) => {
    // Positions are dense, so a hole is a loss that the driver has not noticed (HUB B4).
    if (entry.position.n !== before.n + 1) {
      throw new Error(
        `Cannot deliver entry ${entry.position.n} of the log after ${before.n}: entries are missing; look at the driver`,
      );
    }
    const read = new HubEntry(entry, before, reader);
    before = entry.position;
    return read;
  });
}
