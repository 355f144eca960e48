import { MAX_TOPIC_LENGTH } from "./defaults.ts";

/** What a subscription asks for: an exact topic, or all topics that a pattern matches. */
export type Matcher = string | TopicPatternMatcher;

/** A matcher by pattern. */
export interface TopicPatternMatcher {
  /** URLPattern's syntax without regular expressions, resolved against the hub's `base`; `*` is every topic. */
  readonly pattern: string;
}

/** Of whom something is asked: the readers of a topic, of any of several topics, a user's connections, one, or all. */
export type Target = string | readonly string[] | UserTarget | ConnectionTarget | AllTarget;

/** The connections of one user. */
export interface UserTarget {
  /** The name that `subscribe` got as `user`. */
  readonly user: string;
}

/** One connection. */
export interface ConnectionTarget {
  /** The `id` of its subscription. */
  readonly connection: string;
}

/** All connections, whatever they subscribe to. */
export interface AllTarget {
  /** Says that it means all. */
  readonly all: true;
}

// Names hold no control character, so that nobody can publish or subscribe to these by accident or on purpose.
const RESERVED_PREFIX = "\0";
const CONNECTION_PREFIX = "\0\u0001";

/** The topic by which travels what is for everybody. */
export const ALL_TOPIC = "\0\u0002";

/** The topics that a target names, each once. Throws a `TypeError` for a target that can't be one. */
export function topicsOf(target: Target): readonly string[] {
  if (typeof target === "string") return [checkedTopic(target)];
  if (!isList(target)) return [ownTopicOf(target)];
  if (target.length === 0) throw new TypeError("Cannot use an empty list of topics: name at least one");
  return [...new Set(target.map(checkedTopic))];
}

/** The topic by which one user's events travel, which no pattern matches. */
export function userTopic(user: string): string {
  return RESERVED_PREFIX + checked("user", user);
}

/** The topic by which one connection's events travel. */
export function connectionTopic(id: string): string {
  return CONNECTION_PREFIX + checked("connection", id);
}

/** The connection whose events travel by a topic; `undefined` for a topic of others. */
export function connectionOf(topic: string): string | undefined {
  return topic.startsWith(CONNECTION_PREFIX) ? topic.slice(CONNECTION_PREFIX.length) : undefined;
}

/** Whether a topic is a user's, a connection's or everybody's, which no pattern matches. */
export function isReservedTopic(topic: string): boolean {
  return topic.startsWith(RESERVED_PREFIX);
}

/** The topic itself, if it can be one. */
export function checkedTopic(topic: string): string {
  return checked("topic", topic);
}

function ownTopicOf(target: UserTarget | ConnectionTarget | AllTarget): string {
  if ("all" in target) return ALL_TOPIC;
  return "connection" in target ? connectionTopic(target.connection) : userTopic(target.user);
}

function checked(what: "topic" | "user" | "connection", name: string): string {
  if (typeof name !== "string") throw new TypeError(`Cannot use a ${what} of type ${typeof name}: give a string`);
  const problem = problemOf(name);
  if (problem === undefined) return name;
  const shown = JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
  throw new TypeError(`Cannot use the ${what} ${shown}: ${problem}`);
}

function problemOf(name: string): string | undefined {
  if (name === "") return "give at least one character";
  if (name.length > MAX_TOPIC_LENGTH)
    return `it has ${name.length} characters, and ${MAX_TOPIC_LENGTH} is the most; shorten it`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
  if (/[\0-\x1f\x7f]/.test(name)) return "remove the control characters";
  return undefined;
}

function isList(target: Exclude<Target, string>): target is readonly string[] {
  return Array.isArray(target);
}
