import type { WireEntry } from "../run-case.ts";

/** One line of the wire log for people: `   12 ms  > data: Hello\n\n`. */
export function wireText({ at, direction, text, hex }: WireEntry): string {
  return `${`${at}`.padStart(6)} ms  ${direction === "sent" ? ">" : "<"} ${text === undefined ? bytesText(hex ?? "") : visible(text)}`;
}

/** Bytes as text where they are UTF-8, else as hexadecimal digits in pairs. */
function bytesText(hex: string): string {
  const pairs = hex.match(/../g) ?? [];
  try {
    const bytes = Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
    return visible(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return pairs.join(" ");
  }
}

/** What can't be seen as escapes, so that one entry stays one line. */
function visible(text: string): string {
  const escaped = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029\\]/gu, (character) => {
    const known = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\" }[character];
    return known ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
  return escaped.length <= MAX_LENGTH ? escaped : `${escaped.slice(0, MAX_LENGTH)}… (${text.length} characters)`;
}

const MAX_LENGTH = 400;
