import type { Filter } from "./filter.ts";
import { ALL_TOPIC, connectionOf } from "./target.ts";
import type { TopicPattern } from "./topic-pattern.ts";
import type { TopicReference } from "./topic-reference.ts";

interface PatternMembers<Member> {
  readonly pattern: TopicPattern;
  readonly members: Set<Member>;
}

/** All members, and which of them a topic concerns. */
export class TopicIndex<Member extends { readonly filter: Filter }> {
  /** Each member once, by its connection. */
  readonly #byConnection = new Map<string, Member>();
  readonly #byTopic = new Map<string, Set<Member>>();
  /** Each distinct pattern once, by its source. */
  readonly #byPattern = new Map<string, PatternMembers<Member>>();

  get size(): number {
    return this.#byConnection.size;
  }

  has(member: Member): boolean {
    return this.#byConnection.get(member.filter.connection) === member;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#byConnection.values();
  }

  add(member: Member): void {
    this.#byConnection.set(member.filter.connection, member);
    for (const topic of member.filter.topics) {
      const members = this.#byTopic.get(topic);
      if (members === undefined) this.#byTopic.set(topic, new Set([member]));
      else members.add(member);
    }
    for (const pattern of member.filter.patterns) {
      const known = this.#byPattern.get(pattern.source);
      if (known === undefined) this.#byPattern.set(pattern.source, { pattern, members: new Set([member]) });
      else known.members.add(member);
    }
  }

  delete(member: Member): void {
    this.#byConnection.delete(member.filter.connection);
    for (const topic of member.filter.topics) {
      const members = this.#byTopic.get(topic);
      if (members?.delete(member) && members.size === 0) this.#byTopic.delete(topic);
    }
    for (const { source } of member.filter.patterns) {
      const known = this.#byPattern.get(source);
      if (known?.members.delete(member) && known.members.size === 0) this.#byPattern.delete(source);
    }
  }

  /** Visits each member that the topic concerns; one that two of its matchers find is visited twice. */
  visit(topic: TopicReference, visitor: (member: Member) => void): void {
    this.#byTopic.get(topic.text)?.forEach(visitor);
    if (topic.isReserved) {
      if (topic.text === ALL_TOPIC) for (const member of this) visitor(member);
      const one = this.#byConnection.get(connectionOf(topic.text) ?? "");
      if (one !== undefined) visitor(one);
      return;
    }
    for (const { pattern, members } of this.#byPattern.values()) {
      if (pattern.matches(topic)) members.forEach(visitor);
    }
  }
}
