const GROUP = 1024;

/**
 * The parts of a text that is still growing. Joining them once, at the end, keeps a text that comes in many parts
 * linear; joining them in groups on the way keeps one that comes character by character small.
 */
export class Fragments {
  #groups: string[] = [];
  #last: string[] = [];

  get isEmpty(): boolean {
    return this.#last.length === 0;
  }

  push(fragment: string): void {
    if (this.#last.length === GROUP) {
      this.#groups.push(this.#last.join(""));
      this.#last = [];
    }
    this.#last.push(fragment);
  }

  /** Gives the text, and begins a new one. */
  take(): string {
    const text = this.#groups.join("") + this.#last.join("");
    this.#groups = [];
    this.#last = [];
    return text;
  }
}
