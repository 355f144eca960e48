import { type PatternToken, patternTokens } from "./pattern-tokens.ts";

/** One part of a component's pattern: text, or a wildcard between a prefix and a suffix. */
export interface PatternPart {
  /** `text` has all its text in `prefix`; `segment` is one or more characters but the delimiter; `full` is anything. */
  readonly type: "text" | "segment" | "full";
  readonly prefix: string;
  readonly suffix: string;
  readonly modifier: "" | "?" | "*" | "+";
}

/** How a component's pattern is read. */
export interface PartsOptions {
  /** A character before a wildcard that belongs to it: `/` in a path, so that `/a/:b?` matches `/a`. */
  readonly prefix: string;
  /** Brings text into the form that URLs have it in; throws a `TypeError` where it can't be part of one. */
  readonly encode: (text: string) => string;
}

/** Reads the pattern of one component (URL Pattern 2.2). Throws a `TypeError` for what is no pattern. */
export function patternParts(pattern: string, options: PartsOptions): PatternPart[] {
  return new PartsReader(pattern, options).read();
}

class PartsReader {
  readonly #pattern: string;
  readonly #options: PartsOptions;
  readonly #tokens: PatternToken[];
  #index = 0;
  readonly #parts: PatternPart[] = [];
  readonly #names = new Set<string>();
  /** Text that is not a part yet, for more may follow. */
  #pending = "";

  constructor(pattern: string, options: PartsOptions) {
    this.#pattern = pattern;
    this.#options = options;
    this.#tokens = patternTokens(pattern);
  }

  read(): PatternPart[] {
    while (!this.#takes("end")) {
      if (!this.#wildcard() && !this.#group()) this.#pending += this.#textToken();
    }
    this.#flush();
    return this.#parts;
  }

  /** `*` or `:name`, with the character before it if that is the prefix. */
  #wildcard(): boolean {
    const before = this.#token(0).type === "char" ? this.#token(0).value : "";
    const type = this.#wildcardType(this.#token(before === "" ? 0 : 1));
    if (type === undefined) return false;
    if (before !== "") this.#index += 1;
    this.#takeWildcard();
    const isPrefix = before === this.#options.prefix;
    if (!isPrefix) this.#pending += before;
    this.#add(type, { prefix: isPrefix ? before : "", suffix: "" });
    return true;
  }

  /** `{text}`, or text around a wildcard. */
  #group(): boolean {
    if (!this.#takes("open")) return false;
    const prefix = this.#text();
    const type = this.#wildcardType(this.#token(0));
    if (type !== undefined) this.#takeWildcard();
    const suffix = this.#text();
    if (!this.#takes("close")) throw this.#error(`it has no } at index ${this.#token(0).index}; put one there`);
    this.#add(type ?? "text", { prefix, suffix });
    return true;
  }

  #wildcardType(token: PatternToken): "segment" | "full" | undefined {
    if (token.type === "name") return "segment";
    return token.type === "asterisk" ? "full" : undefined;
  }

  #takeWildcard(): void {
    const { type, value } = this.#token(0);
    this.#index += 1;
    if (type !== "name") return;
    if (this.#names.has(value)) throw this.#error(`it has the name :${value} twice; rename one`);
    this.#names.add(value);
  }

  #text(): string {
    let text = "";
    while (this.#token(0).type === "char" || this.#token(0).type === "escaped") text += this.#textToken();
    return text;
  }

  #textToken(): string {
    const { type, value, index } = this.#token(0);
    if (type !== "char" && type !== "escaped") {
      throw this.#error(`${JSON.stringify(value)} at index ${index} has no meaning there; put a \\ before it`);
    }
    this.#index += 1;
    return value;
  }

  #add(type: PatternPart["type"], { prefix, suffix }: { prefix: string; suffix: string }): void {
    const modifier = this.#modifier();
    if (type === "text" && modifier === "") {
      this.#pending += prefix;
      return;
    }
    this.#flush();
    if (type === "text" && prefix === "") return;
    const { encode } = this.#options;
    this.#parts.push({ type, prefix: encode(prefix), suffix: encode(suffix), modifier });
  }

  #modifier(): PatternPart["modifier"] {
    const { type, value } = this.#token(0);
    if (type !== "modifier" && type !== "asterisk") return "";
    this.#index += 1;
    return value as PatternPart["modifier"];
  }

  #flush(): void {
    if (this.#pending === "") return;
    this.#parts.push({ type: "text", prefix: this.#options.encode(this.#pending), suffix: "", modifier: "" });
    this.#pending = "";
  }

  #token(ahead: number): PatternToken {
    return this.#tokens[this.#index + ahead] ?? (this.#tokens.at(-1) as PatternToken);
  }

  #takes(type: PatternToken["type"]): boolean {
    if (this.#token(0).type !== type) return false;
    this.#index += 1;
    return true;
  }

  #error(problem: string): TypeError {
    return new TypeError(`Cannot compile the pattern ${JSON.stringify(this.#pattern)}: ${problem}`);
  }
}
