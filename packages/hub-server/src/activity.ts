import type { Matcher } from "@ssekit/hub";

/** Topics and patterns that a snapshot lists. */
const MAX_LISTED = 50;
/** Topics whose events are counted: of more, those that had one last. */
const MAX_COUNTED_TOPICS = 1000;
/** Events whose topics are known by their id: more than a page shows. */
const MAX_RECENT_EVENTS = 1000;

/** A topic or a pattern that has a reader or had an event. */
export interface TopicActivity {
  readonly name: string;
  /** Connections that ask for exactly this topic or pattern. */
  readonly readers: number;
  /** Events published to exactly this topic. */
  readonly events: number;
}

/** What happens on a hub, as far as the live page shows it. */
export interface ActivitySnapshot {
  /** Public events published since the start. */
  readonly events: number;
  /** Topics and patterns known; `topics` may list fewer. */
  readonly topicCount: number;
  /** Topics first, the one that had an event last in front; then patterns and topics that only have readers. */
  readonly topics: readonly TopicActivity[];
}

/** What the stream of an event doesn't say about it. */
export interface RecentEvent {
  readonly topics: readonly string[];
  /** When it was published, in milliseconds since 1970. */
  readonly at: number;
}

/** Notes what happens on a hub, in bounded memory. Private updates are no part of it: their topics tell of them. */
export class Activity {
  readonly #readers = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #recent = new Map<string, RecentEvent>();
  #events = 0;

  /** Notes a connection and what it reads; the answer notes that it has gone. */
  subscribed(matchers: readonly Matcher[]): () => void {
    const names = new Set(matchers.map((matcher) => (typeof matcher === "string" ? matcher : matcher.pattern)));
    for (const name of names) this.#readers.set(name, this.#readersOf(name) + 1);
    return () => {
      for (const name of names) {
        const left = this.#readersOf(name) - 1;
        if (left > 0) this.#readers.set(name, left);
        else this.#readers.delete(name);
      }
    };
  }

  /** Notes a public event under the id that it has on the wire. */
  published(id: string, topics: readonly string[]): void {
    if (this.#recent.has(id)) return; // a repeat, which the log has once
    this.#events += 1;
    for (const topic of topics)
      moveToEnd(this.#counts, { key: topic, value: this.#eventsOf(topic) + 1, limit: MAX_COUNTED_TOPICS });
    moveToEnd(this.#recent, { key: id, value: { topics, at: Date.now() }, limit: MAX_RECENT_EVENTS });
  }

  /** The topics and the time of a recent event; `undefined` for an older one. */
  find(id: string): RecentEvent | undefined {
    return this.#recent.get(id);
  }

  /** The id after which the newest events, `count` of them, follow; `undefined` when there are no more than that. */
  idBefore(count: number): string | undefined {
    return [...this.#recent.keys()].at(-count - 1);
  }

  snapshot(): ActivitySnapshot {
    const names = new Set([...[...this.#counts.keys()].reverse(), ...this.#readers.keys()]);
    const topics = [...names]
      .slice(0, MAX_LISTED)
      .map((name) => ({ name, readers: this.#readersOf(name), events: this.#eventsOf(name) }));
    return { events: this.#events, topicCount: names.size, topics };
  }

  #readersOf(name: string): number {
    return this.#readers.get(name) ?? 0;
  }

  #eventsOf(topic: string): number {
    return this.#counts.get(topic) ?? 0;
  }
}

/** Sets an entry of a map that is in order of use, and drops the least recently used beyond `limit`. */
function moveToEnd<Value>(
  map: Map<string, Value>,
  { key, value, limit }: { key: string; value: Value; limit: number },
): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value as string);
}
