import { MAX_TOPIC_LENGTH } from "./defaults.ts";

/** What a subscription asks for: an exact topic, or all topics that a pattern matches. */
export type Matcher = string | TopicPatternMatcher;

/** A matcher by pattern. */
export interface TopicPatternMatcher {
  /** URLPattern's syntax without regular expressions, resolved against the hub's `base`; `*` is every topic. */
  readonly pattern: string;
}

/** To whom an event goes: the readers of a topic, of any of several topics, or the connections of one user. */
export type Target = string | readonly string[] | UserTarget;

/** The connections of one user. */
export interface UserTarget {
  /** The name that `subscribe` got as `user`. */
  readonly user: string;
}

// Topics hold no control character, so that nobody can publish or subscribe to this name by accident or on purpose.
const USER_PREFIX = "\0";

/** The topics that a target names, each once. Throws a `TypeError` for a target that can't be one. */
export function topicsOf(target: Target): readonly string[] {
  if (typeof target === "string") return [checkedTopic(target)];
  if (!isList(target)) return [userTopic(target.user)];
  if (target.length === 0) throw new TypeError("Cannot use an empty list of topics: name at least one");
  return [...new Set(target.map(checkedTopic))];
}

/** The topic by which one user's events travel, which no pattern matches. */
export function userTopic(user: string): string {
  return USER_PREFIX + checked("user", user);
}

/** Whether a topic is a user's own. */
export function isUserTopic(topic: string): boolean {
  return topic.startsWith(USER_PREFIX);
}

/** The topic itself, if it can be one. */
export function checkedTopic(topic: string): string {
  return checked("topic", topic);
}

function checked(what: "topic" | "user", name: string): string {
  if (typeof name !== "string") throw new TypeError(`Cannot use a ${what} of type ${typeof name}: give a string`);
  const problem = problemOf(name);
  if (problem === undefined) return name;
  const shown = JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
  throw new TypeError(`Cannot use the ${what} ${shown}: ${problem}`);
}

function problemOf(name: string): string | undefined {
  if (name === "") return "give at least one character";
  if (name.length > MAX_TOPIC_LENGTH) return `it has ${name.length} characters, and ${MAX_TOPIC_LENGTH} is the most`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
  if (/[\0-\x1f\x7f]/.test(name)) return "remove the control characters";
  return undefined;
}

function isList(target: readonly string[] | UserTarget): target is readonly string[] {
  return Array.isArray(target);
}
