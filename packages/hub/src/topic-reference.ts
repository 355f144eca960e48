import { isReservedTopic } from "./target.ts";

/** A topic as patterns see it: a URL reference, parsed once and only if a pattern asks. */
export class TopicReference {
  readonly text: string;
  readonly #base: URL;
  #url: URL | null | undefined;

  constructor(text: string, base: URL) {
    this.text = text;
    this.#base = base;
  }

  /** Whether it is a user's, a connection's or everybody's, which no pattern may match. */
  get isReserved(): boolean {
    return isReservedTopic(this.text);
  }

  /** The URL it means; `null` when it is no URL reference. */
  get url(): URL | null {
    if (this.#url === undefined)
      this.#url = URL.canParse(this.text, this.#base) ? new URL(this.text, this.#base) : null;
    return this.#url;
  }
}
