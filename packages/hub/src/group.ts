import { concatEncodedEvents, type EncodedEvent } from "@ssekit/codec";
import type { Position } from "./event-log.ts";
import type { HubEntry } from "./hub-entry.ts";

/** The most bytes of one write: 64 KiB, unless a single event is larger. */
const MAX_WRITE_BYTES = 64 * 1024;

/** One write: whole blocks, in order. */
export interface Write {
  readonly bytes: EncodedEvent;
  /** How many entries are in it. */
  readonly events: number;
  /** The place just before its first entry: where a reader stands that can't take it. */
  readonly before: Position;
  /** The last id in it. */
  readonly told: string | undefined;
  /** The topics that end in it. */
  readonly ends: readonly string[];
}

/**
 * The connections that got the same list of entries this turn, and so share its bytes.
 *
 * Grouping goes by the resulting list, after filter and grants: connections with equal topics and different grants
 * must not share (HUB A9). Adding an entry leads all members of a group to the same next group, so a list costs a link
 * per entry, however many connections have it.
 */
export class Group {
  readonly #previous: Group | undefined;
  readonly #entry: HubEntry | undefined;
  #next: Group | undefined;
  #writes: readonly Write[] | undefined;

  constructor(previous?: Group, entry?: HubEntry) {
    this.#previous = previous;
    this.#entry = entry;
  }

  /** The group whose list is this one's and `entry`. Entries come in order, so the newest link is all to remember. */
  with(entry: HubEntry): Group {
    if (this.#next === undefined || this.#next.#entry !== entry) this.#next = new Group(this, entry);
    return this.#next;
  }

  /** The list as bytes, made when its first member is written to. */
  get writes(): readonly Write[] {
    this.#writes ??= writesOf(this.#entries());
    return this.#writes;
  }

  #entries(): HubEntry[] {
    const entries: HubEntry[] = [];
    for (let group: Group | undefined = this; group !== undefined; group = group.#previous) {
      if (group.#entry !== undefined) entries.push(group.#entry);
    }
    return entries.reverse();
  }
}

/** Cuts a list of entries into writes. */
export function writesOf(entries: readonly HubEntry[]): Write[] {
  const writes: Write[] = [];
  let first = 0;
  let size = 0;
  entries.forEach((entry, index) => {
    if (index > first && size + entry.bytes.length > MAX_WRITE_BYTES) {
      writes.push(writeOf(entries.slice(first, index)));
      first = index;
      size = 0;
    }
    size += entry.bytes.length;
  });
  if (entries.length > 0) writes.push(writeOf(entries.slice(first)));
  return writes;
}

function writeOf(entries: readonly HubEntry[]): Write {
  return {
    bytes: concatEncodedEvents(entries.map((entry) => entry.bytes)),
    events: entries.length,
    before: (entries[0] as HubEntry).before,
    told: entries.filter((entry) => entry.hasId).at(-1)?.position.cursor,
    ends: endsOf(entries),
  };
}

/** The topics that end in a list of entries. */
export function endsOf(entries: readonly HubEntry[]): string[] {
  return entries.filter((entry) => entry.end).flatMap(({ topics }) => topics.map(({ text }) => text));
}
