import type { PatternPart } from "./pattern-parts.ts";

/** What a program reads: a string, or something that counts how it is read. */
export interface ProgramInput {
  readonly length: number;
  charCodeAt(index: number): number;
}

/** A state of the automaton; `next` and `other` are states, and what `code` means is the kind's. */
interface State {
  readonly id: number;
  readonly kind: "code" | "except" | "any" | "fork" | "accept";
  readonly code: number;
  next: State | undefined;
  other: State | undefined;
}

/**
 * A component's pattern as an automaton that walks all its ways at once: the input is read once, and each character costs
 * at most one step per state. A regular expression tries one way after the other, so five wildcards against 200
 * characters took it seconds (HUB A7).
 */
export class PatternProgram {
  readonly #states: State[] = [];
  readonly #start: State;
  readonly #delimiter: string;
  /** For each state, the last round that it was entered in. */
  readonly #entered: Float64Array;
  #round = 0;

  constructor(parts: readonly PatternPart[], delimiter: string) {
    this.#delimiter = delimiter;
    this.#start = parts.reduceRight((next, part) => this.#part(part, next), this.#state("accept"));
    this.#entered = new Float64Array(this.#states.length);
  }

  /** How many states there are, which bounds the steps per character; at most a few times the pattern's length. */
  get size(): number {
    return this.#states.length;
  }

  /** Whether the pattern matches the whole input. */
  matches(input: ProgramInput): boolean {
    this.#round += 1;
    let states: State[] = [];
    let accepted = this.#enter(this.#start, states);
    for (let index = 0; index < input.length; index += 1) {
      if (states.length === 0) return false;
      const code = input.charCodeAt(index);
      const reached: State[] = [];
      this.#round += 1;
      accepted = false;
      for (const state of states) {
        if (takes(state, code) && this.#enter(state.next as State, reached)) accepted = true;
      }
      states = reached;
    }
    return accepted;
  }

  /** Adds what can be reached without a character; whether that is the end. */
  #enter(from: State, reached: State[]): boolean {
    let accepted = false;
    const open: State[] = [from];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (this.#entered[state.id] === this.#round) continue;
      this.#entered[state.id] = this.#round;
      if (state.kind === "accept") accepted = true;
      else if (state.kind === "fork") open.push(state.other as State, state.next as State);
      else reached.push(state);
    }
    return accepted;
  }

  #part(part: PatternPart, next: State): State {
    const { prefix, suffix, modifier } = part;
    if (modifier === "") return this.#once(part, next);
    if (modifier === "?") return this.#fork(this.#once(part, next), next);
    // Repeated, a suffix and the next prefix stand between two matches.
    const again = this.#fork(undefined, this.#text(suffix, next));
    again.next = this.#text(suffix, this.#text(prefix, this.#wildcard(part, again)));
    const first = this.#text(prefix, this.#wildcard(part, again));
    return modifier === "+" ? first : this.#fork(first, next);
  }

  #once(part: PatternPart, next: State): State {
    return this.#text(part.prefix, this.#wildcard(part, this.#text(part.suffix, next)));
  }

  #wildcard({ type }: PatternPart, next: State): State {
    if (type === "text") return next;
    const again = this.#fork(undefined, next);
    const character = this.#character(type);
    character.next = again;
    again.next = character;
    return type === "full" ? again : character;
  }

  #character(type: "segment" | "full"): State {
    return type === "full" || this.#delimiter === ""
      ? this.#state("any")
      : this.#state("except", this.#delimiter.charCodeAt(0));
  }

  #text(text: string, next: State): State {
    let state = next;
    for (let index = text.length - 1; index >= 0; index -= 1) {
      const before = this.#state("code", text.charCodeAt(index));
      before.next = state;
      state = before;
    }
    return state;
  }

  #fork(next: State | undefined, other: State): State {
    const fork = this.#state("fork");
    fork.next = next;
    fork.other = other;
    return fork;
  }

  #state(kind: State["kind"], code = 0): State {
    const state: State = { id: this.#states.length, kind, code, next: undefined, other: undefined };
    this.#states.push(state);
    return state;
  }
}

function takes(state: State, code: number): boolean {
  if (state.kind === "code") return state.code === code;
  return state.kind === "any" || state.code !== code;
}
