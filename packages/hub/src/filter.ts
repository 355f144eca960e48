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
  /** The connection that it is for. */
  readonly connection: string;
  /** Exact topics, with the user's own. */
  readonly topics: ReadonlySet<string>;
  readonly patterns: readonly TopicPattern[];
  /** Whether it may read private entries. */
  readonly private: boolean;

  constructor({ connection, matchers, user, private: granted, base }: FilterInit) {
    if (matchers.length === 0 && user === undefined) {
      throw new TypeError("Cannot subscribe to nothing: name a topic, a pattern or a user");
    }
    const exact = matchers.filter((matcher) => typeof matcher === "string");
    this.topics = sharedSet(exact, user);
    this.patterns = exact.length === matchers.length ? NO_PATTERNS : patternsOf(matchers, base);
    this.private = granted;
    this.connection = connection;
  }

  /** The topic of what is for this connection alone. */
  get own(): string {
    return connectionTopic(this.connection);
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

const NO_PATTERNS: readonly TopicPattern[] = [];

function patternsOf(matchers: readonly Matcher[], base: URL): readonly TopicPattern[] {
  return matchers
    .filter((matcher) => typeof matcher !== "string")
    .map(({ pattern }) => new TopicPattern(pattern, base));
}

interface Names {
  readonly topics: readonly string[];
  readonly user: string | undefined;
  readonly set: ReadonlySet<string>;
}

let last: Names = { topics: [], user: undefined, set: new Set() };

/** A set of topics, checked: the same one for readers who come one after the other and ask for the same, as most do. */
function sharedSet(topics: readonly string[], user: string | undefined): ReadonlySet<string> {
  const isLast = user === last.user && topics.length === last.topics.length;
  if (!isLast || !topics.every((topic, index) => topic === last.topics[index])) {
    const set = new Set(topics.map(checkedTopic));
    if (user !== undefined) set.add(userTopic(user));
    last = { topics, user, set };
  }
  return last.set;
}
