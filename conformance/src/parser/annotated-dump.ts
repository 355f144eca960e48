const LF = 0x0a;
const CR = 0x0d;
/** A dump shows this many lines of a stream, and of a line this many bytes. */
const MAX_LINES = 24;
const MAX_BYTES = 24;

/**
 * Bytes of an event stream for people: line by line with offset, bytes, text, and what the standard makes of each.
 *
 * @param cuts offsets at which a chunk ends, shown as `|`.
 */
export function annotatedDump(bytes: Uint8Array, cuts: ReadonlySet<number> = new Set()): string {
  const rows = linesOf(bytes).map(({ start, end, next }) => ({
    offset: start.toString(16).padStart(4, "0"),
    hex: hexOf(bytes, start, next, cuts),
    meaning: meaningOf(textOf(bytes, start, end), next > end),
  }));
  const shown = rows.slice(0, MAX_LINES);
  const width = Math.max(0, ...shown.map(({ hex }) => hex.length));
  const dump = shown.map(({ offset, hex, meaning }) => `${offset}  ${hex.padEnd(width)}  ${meaning}`);
  if (rows.length > MAX_LINES) dump.push(`and ${rows.length - MAX_LINES} more lines`);
  return dump.length === 0 ? "(no bytes)" : dump.join("\n");
}

/** Text as one line in quotes, with what can't be seen escaped, and shortened. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).replaceAll(
    /[\u007f-\u00a0\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return escaped.length <= 120 ? escaped : `${escaped.slice(0, 100)}…" (${text.length} characters)`;
}

interface LineRange {
  readonly start: number;
  /** Where its line end begins. */
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

function linesOf(bytes: Uint8Array): LineRange[] {
  const lines: LineRange[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== LF && bytes[at] !== CR) continue;
    const end = at;
    if (bytes[at] === CR && bytes[at + 1] === LF) at++;
    lines.push({ start, end, next: at + 1 });
    start = at + 1;
  }
  if (start < bytes.length) lines.push({ start, end: bytes.length, next: bytes.length });
  return lines;
}

function hexOf(bytes: Uint8Array, start: number, next: number, cuts: ReadonlySet<number>): string {
  const parts: string[] = [];
  for (let at = start; at < next && at < start + MAX_BYTES; at++) {
    parts.push((bytes[at] ?? 0).toString(16).padStart(2, "0") + (cuts.has(at + 1) ? "|" : " "));
  }
  return parts.join("").trimEnd() + (next - start > MAX_BYTES ? " …" : "");
}

/** The text of a line; only the first may begin with a BOM, which is dropped. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: start > 0 }).decode(bytes.subarray(start, end));
}

function meaningOf(line: string, ended: boolean): string {
  if (!ended) return `${quoted(line)} without a line end: discarded at the end of the stream`;
  if (line === "") return "blank line: ends the block";
  if (line.startsWith(":")) return `comment ${quoted(line.slice(1))}`;
  const colon = line.indexOf(":");
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (!["data", "event", "id", "retry"].includes(name)) return `unknown field ${quoted(name)}: ignored`;
  if (name === "id" && value.includes("\0")) return `id ${quoted(value)} with U+0000: ignored`;
  if (name === "retry" && !/^[0-9]+$/.test(value)) return `retry ${quoted(value)}, not digits alone: ignored`;
  return `${name} ${quoted(value)}`;
}
