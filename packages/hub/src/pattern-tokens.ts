/** A piece of a pattern, in URLPattern's words. */
export interface PatternToken {
  readonly type: "open" | "close" | "name" | "char" | "escaped" | "modifier" | "asterisk" | "invalid" | "end";
  /** Where it begins in the pattern. */
  readonly index: number;
  /** What it stands for: the character, the escaped character, or the name. */
  readonly value: string;
}

const NAME_SYNTAX = /:([$_\p{ID_Start}](?:[$\p{ID_Continue}]|\u200c|\u200d)*)/uy;
const SPECIAL: Readonly<Record<string, PatternToken["type"]>> = {
  "{": "open",
  "}": "close",
  "?": "modifier",
  "+": "modifier",
  "*": "asterisk",
};

/**
 * Cuts a pattern into tokens (URL Pattern 2.1). A colon without a name and a backslash at the end are `invalid`, which
 * may be all right while a whole URL is cut into components. Throws a `TypeError` for a regular expression.
 */
export function patternTokens(pattern: string): PatternToken[] {
  const tokens: PatternToken[] = [];
  for (let index = 0; index < pattern.length; ) {
    const { token, length } = tokenAt(pattern, index);
    tokens.push(token);
    index += length;
  }
  tokens.push({ type: "end", index: pattern.length, value: "" });
  return tokens;
}

function tokenAt(pattern: string, index: number): { token: PatternToken; length: number } {
  const char = characterAt(pattern, index);
  if (char === "(") {
    throw new TypeError(
      `Cannot compile the pattern ${JSON.stringify(pattern)}: regular expressions are not allowed, for they can take for ever; use * or :name, or \\( for the character`,
    );
  }
  if (char === "\\") {
    const value = characterAt(pattern, index + 1);
    if (value === "") return { token: { type: "invalid", index, value: char }, length: 1 };
    return { token: { type: "escaped", index, value }, length: 1 + value.length };
  }
  if (char === ":") {
    NAME_SYNTAX.lastIndex = index;
    const match = NAME_SYNTAX.exec(pattern);
    if (match === null) return { token: { type: "invalid", index, value: char }, length: 1 };
    return { token: { type: "name", index, value: match[1] as string }, length: match[0].length };
  }
  return { token: { type: SPECIAL[char] ?? "char", index, value: char }, length: char.length };
}

function characterAt(pattern: string, index: number): string {
  const code = pattern.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}
