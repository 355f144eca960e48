import type { HubEntry } from "./hub-entry.ts";
import { ALL_TOPIC, checkedTopic, connectionTopic, type Matcher, userTopic } from "./target.ts";
import { TopicPattern } from "./topic-pattern.ts";
import type { TopicReference } from "./topic-reference.ts";

/** What makes a filter. */
export interface FilterInit {
  /** The connection that it is for. */
  readonly connection: string;
  readonly matchers: readonly Matcher[];
  readonly user: string | undefined;
  readonly private: boolean;
  readonly base: URL;
}

/** What one connection gets: the union of its matchers, its user's own events, and the grant. */
export class Filter {
  /** The connection that it is for, and the topic of what is for it alone. */
  readonly connection: string;
  readonly own: string;
  /** Exact topics, with the user's own. */
  readonly topics: ReadonlySet<string>;
  readonly patterns: readonly TopicPattern[];
  /** Whether it may read private entries. */
  readonly private: boolean;

  constructor({ connection, matchers, user, private: granted, base }: FilterInit) {
    if (matchers.length === 0 && user === undefined) {
      throw new TypeError("Cannot subscribe to nothing: name a topic, a pattern or a user");
    }
    const exact = matchers.filter((matcher) => typeof matcher === "string").map(checkedTopic);
    this.topics = sharedSet(user === undefined ? exact : [...exact, userTopic(user)]);
    this.patterns = matchers
      .filter((matcher) => typeof matcher !== "string")
      .map(({ pattern }) => new TopicPattern(pattern, base));
    this.private = granted;
    this.connection = connection;
    this.own = connectionTopic(connection);
  }

  /** Whether the connection gets an entry; the same answer for a live one and in a replay. */
  wants(entry: HubEntry): boolean {
    if (entry.private && !this.private) return false;
    return entry.topics.some((topic) => this.matches(topic));
  }

  /** Whether it has no pattern, so that its topics are all that it can match. */
  get isExact(): boolean {
    return this.patterns.length === 0;
  }

  /** The topics whose removal is a loss to this connection; `undefined` when any may be. */
  get losable(): readonly string[] | undefined {
    return this.isExact ? [...this.topics, this.own, ALL_TOPIC] : undefined;
  }

  /** Whether a topic concerns it. */
  matches(topic: TopicReference): boolean {
    if (this.topics.has(topic.text)) return true;
    if (topic.isReserved) return topic.text === ALL_TOPIC || topic.text === this.own;
    return this.patterns.some((pattern) => pattern.matches(topic));
  }
}

let last: ReadonlySet<string> = new Set();

/** A set of names: the same one for readers who come one after the other and ask for the same, as most do. */
function sharedSet(names: readonly string[]): ReadonlySet<string> {
  const set = new Set(names);
  if (set.size !== last.size || !names.every((name) => last.has(name))) last = set;
  return last;
}
