import { encodeEvent } from "@ssekit/codec";
import type { EventStream } from "@ssekit/server";

/** Changes within this many milliseconds are told at once: an eye needs no more. */
const COALESCE = 250;

/** Tells the open live pages how things stand, however often they change. */
export class LiveFeed {
  readonly #viewers = new Set<EventStream>();
  readonly #snapshot: () => object;
  #timer: NodeJS.Timeout | undefined;

  /** `snapshot` gives what is told, as JSON, in an event of type `stats`. */
  constructor(snapshot: () => object) {
    this.#snapshot = snapshot;
  }

  /** Tells a stream how things stand, now and until it closes. */
  add(stream: EventStream): void {
    this.#viewers.add(stream);
    void stream.closed.then(() => this.#viewers.delete(stream));
    this.#tell([stream]);
  }

  /** Says that there is something new to tell. */
  changed(): void {
    if (this.#timer !== undefined || this.#viewers.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell(this.#viewers);
    }, COALESCE).unref();
  }

  #tell(viewers: Iterable<EventStream>): void {
    // Without an id: state moves no cursor (RULES B8).
    const bytes = encodeEvent({ event: "stats", data: JSON.stringify(this.#snapshot()) });
    for (const stream of viewers) {
      if (stream.desiredSize > 0) stream.write(bytes);
      else void stream.ready.then(() => this.changed());
    }
  }
}
