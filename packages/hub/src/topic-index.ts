import type { Filter } from "./filter.ts";
import { ALL_TOPIC } from "./target.ts";
import type { TopicPattern } from "./topic-pattern.ts";
import type { TopicReference } from "./topic-reference.ts";

interface PatternMembers<Member> {
  readonly pattern: TopicPattern;
  readonly members: Set<Member>;
}

/** Finds the members that a topic concerns. */
export class TopicIndex<Member extends { readonly filter: Filter }> {
  /** Each member once, by the topic that is its alone. */
  readonly #byOwn = new Map<string, Member>();
  readonly #byTopic = new Map<string, Set<Member>>();
  /** Each distinct pattern once, by its source. */
  readonly #byPattern = new Map<string, PatternMembers<Member>>();

  add(member: Member): void {
    this.#byOwn.set(member.filter.own, member);
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
    this.#byOwn.delete(member.filter.own);
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
      this.#visitOwn(topic.text, visitor);
      return;
    }
    for (const { pattern, members } of this.#byPattern.values()) {
      if (pattern.matches(topic)) members.forEach(visitor);
    }
  }

  #visitOwn(text: string, visitor: (member: Member) => void): void {
    const one = this.#byOwn.get(text);
    for (const member of text === ALL_TOPIC ? this.#byOwn.values() : []) visitor(member);
    if (one !== undefined) visitor(one);
  }
}
