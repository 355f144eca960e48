import { patternParts } from "./pattern-parts.ts";
import { PatternProgram } from "./pattern-program.ts";
import { type PatternToken, patternTokens } from "./pattern-tokens.ts";

/** The components of a URL, in its order. */
export type ComponentName = "protocol" | "username" | "password" | "hostname" | "port" | "pathname" | "search" | "hash";

/** A pattern's components as they are written; one that is absent was not written. */
export type PatternComponents = { [Name in ComponentName]?: string };

type State = "init" | "authority" | "done" | ComponentName;

const BEFORE_PATH: readonly State[] = ["protocol", "authority", "username", "password", "hostname", "port"];
const SPECIAL_SCHEMES = ["http", "https", "ws", "wss", "ftp", "file"];

/** Whether a pattern of a protocol matches a scheme whose URLs have a host and a path. */
export function matchesSpecialScheme(protocol: string): boolean {
  const program = new PatternProgram(patternParts(protocol, { prefix: "", encode: (text) => text.toLowerCase() }), "");
  return SPECIAL_SCHEMES.some((scheme) => program.matches(scheme));
}

/** Cuts a whole pattern into the components of a URL (URL Pattern 1.6, the constructor string parser). */
export function patternComponents(pattern: string): PatternComponents {
  return new ComponentReader(pattern).read();
}

class ComponentReader {
  readonly #pattern: string;
  readonly #tokens: readonly PatternToken[];
  readonly #result: PatternComponents = {};
  #state: State = "init";
  /** Where the component that is being read begins. */
  #start = 0;
  #index = 0;
  #groupDepth = 0;
  #bracketDepth = 0;
  #isSpecial = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#tokens = patternTokens(pattern);
  }

  read(): PatternComponents {
    while (this.#state !== "done") {
      const { type } = this.#token();
      if (type === "end") this.#end();
      else if (type === "open") this.#skipInGroup(1);
      else if (this.#groupDepth > 0) this.#skipInGroup(type === "close" ? -1 : 0);
      else if (!this.#step()) this.#index += 1;
    }
    // A host without a port means the default one.
    if (this.#result.hostname !== undefined) this.#result.port ??= "";
    return this.#result;
  }

  #skipInGroup(change: number): void {
    this.#groupDepth += change;
    this.#index += 1;
  }

  /** At the end it is known that what looked like a beginning was all. */
  #end(): void {
    if (this.#state === "authority") this.#rewindTo("hostname");
    else if (this.#state !== "init") this.#change("done", 0);
    else {
      this.#index = this.#start;
      if (this.#is("#")) this.#change("hash", 1);
      else if (this.#isSearch()) this.#change("search", 1);
      else this.#change("pathname", 0);
    }
  }

  /** Looks at one token; whether it led to another state. */
  #step(): boolean {
    switch (this.#state) {
      case "init":
        return this.#is(":") && this.#rewindTo("protocol");
      case "protocol":
        return this.#is(":") && this.#afterProtocol();
      case "authority":
        if (this.#is("@")) return this.#rewindTo("username");
        return (this.#is("/") || this.#isSearch() || this.#is("#")) && this.#rewindTo("hostname");
      case "username":
        if (this.#is(":")) return this.#change("password", 1);
        return this.#is("@") && this.#change("hostname", 1);
      case "password":
        return this.#is("@") && this.#change("hostname", 1);
      case "hostname":
        if (this.#is("[")) this.#bracketDepth += 1;
        else if (this.#is("]")) this.#bracketDepth -= 1;
        else if (this.#is(":") && this.#bracketDepth === 0) return this.#change("port", 1);
        return this.#pathOrLater();
      case "port":
        return this.#pathOrLater();
      case "pathname":
        return this.#searchOrLater();
      case "search":
        return this.#is("#") && this.#change("hash", 1);
      default:
        return false;
    }
  }

  #afterProtocol(): boolean {
    this.#isSpecial = matchesSpecialScheme(this.#written());
    if (this.#is("/", 1) && this.#is("/", 2)) return this.#change("authority", 3);
    return this.#change(this.#isSpecial ? "authority" : "pathname", 1);
  }

  #pathOrLater(): boolean {
    return this.#is("/") ? this.#change("pathname", 0) : this.#searchOrLater();
  }

  #searchOrLater(): boolean {
    if (this.#isSearch()) return this.#change("search", 1);
    return this.#is("#") && this.#change("hash", 1);
  }

  #rewindTo(state: State): boolean {
    this.#index = this.#start;
    this.#state = state;
    return true;
  }

  #change(state: State, skip: number): boolean {
    const from = this.#state;
    if (from !== "init" && from !== "authority" && from !== "done") this.#result[from] = this.#written();
    if (from !== "init" && state !== "done") this.#fillBetween(from, state);
    this.#state = state;
    this.#index += skip;
    this.#start = this.#index;
    return true;
  }

  /** What is left out between two written components is empty, not anything. */
  #fillBetween(from: State, to: State): void {
    const isLate = to === "search" || to === "hash";
    if (BEFORE_PATH.slice(0, 4).includes(from) && (to === "port" || to === "pathname" || isLate))
      this.#result.hostname ??= "";
    if (BEFORE_PATH.includes(from) && isLate) this.#result.pathname ??= this.#isSpecial ? "/" : "";
    if ((BEFORE_PATH.includes(from) || from === "pathname") && to === "hash") this.#result.search ??= "";
  }

  #written(): string {
    return this.#pattern.slice(this.#token(this.#start - this.#index).index, this.#token().index);
  }

  #is(character: string, ahead = 0): boolean {
    const { type, value } = this.#token(ahead);
    return value === character && (type === "char" || type === "escaped" || type === "invalid");
  }

  /** A question mark begins the search, unless it is a modifier of what stands before it. */
  #isSearch(): boolean {
    if (this.#is("?")) return true;
    if (this.#token().value !== "?" || this.#token().type !== "modifier") return false;
    const before = this.#index === 0 ? undefined : this.#token(-1).type;
    return before !== "name" && before !== "close" && before !== "asterisk";
  }

  #token(ahead = 0): PatternToken {
    return this.#tokens[this.#index + ahead] ?? (this.#tokens.at(-1) as PatternToken);
  }
}
