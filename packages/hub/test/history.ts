import type { NewEntry } from "../src/event-log.ts";

/** A place in what a store ever held: just after `entry`, or at a beginning. */
export interface Place {
  readonly cursor: string;
  readonly n: number;
  readonly before: Place | undefined;
  readonly entry: NewEntry | undefined;
  /** How many places there were before it, in whatever history. */
  readonly order: number;
}

/**
 * All that a store ever held, as a tree: a store that is set back to an older copy goes on as another branch, and one
 * that is wiped begins anew. What readers got is judged by it.
 */
export class History {
  readonly #places = new Map<string, Place>();
  #size = 0;
  #head: Place;

  constructor(cursor: string) {
    this.#head = this.#add({ cursor, n: 0, before: undefined, entry: undefined });
  }

  /** How many places there were so far. */
  get size(): number {
    return this.#size;
  }

  /** Where the store's head is. */
  get head(): Place {
    return this.#head;
  }

  /** How far retention has got, as far as any node was told. */
  trimmed = 0;
  /** What was appended again though the log still had it. */
  readonly repeats: string[] = [];

  /**
   * Takes in an entry; `floor` is where retention had got before. What it keeps of an event with an id must not come
   * twice: every run gives each of them data of its own.
   */
  append(cursor: string, entry: NewEntry, floor: number): void {
    for (let place: Place | undefined = this.#head; place !== undefined && place.n > floor; place = place.before) {
      if (entry.event.data !== undefined && place.entry?.event.data === entry.event.data) this.repeats.push(cursor);
    }
    this.#head = this.#add({ cursor, n: this.#head.n + 1, before: this.#head, entry });
    if (entry.id !== undefined) this.#places.set(entry.id, this.#head);
  }

  /** The store was set back to where this cursor was its head. */
  goBackTo(cursor: string): void {
    this.#head = this.at(cursor);
    this.trimmed = 0;
  }

  /** The store lost all. */
  beginAnew(cursor: string): void {
    this.trimmed = 0;
    this.#head = this.#add({ cursor, n: 0, before: undefined, entry: undefined });
  }

  /** The place of a cursor, or of a publisher's own id. */
  at(cursor: string): Place {
    const place = this.#places.get(cursor);
    if (place === undefined) throw new Error(`The store never gave out the cursor ${JSON.stringify(cursor)}`);
    return place;
  }

  #add(added: Omit<Place, "order">): Place {
    const place = { ...added, order: this.#size };
    this.#size += 1;
    this.#places.set(place.cursor, place);
    return place;
  }
}

/** The places after `from`, up to `to` and with it; `undefined` when `to` does not follow `from`. */
export function placesBetween(from: Place, to: Place): Place[] | undefined {
  const places: Place[] = [];
  for (let place: Place | undefined = to; place !== undefined; place = place.before) {
    if (place === from) return places.reverse();
    places.push(place);
  }
  return undefined;
}
