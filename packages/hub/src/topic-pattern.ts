import type { TopicReference } from "./topic-reference.ts";

export class TopicPattern {
  readonly source: string;
  constructor(source: string, _base: URL) {
    this.source = source;
  }
  matches(topic: TopicReference): boolean {
    return !topic.isUser && this.source === "*";
  }
}
