/** One stream of events, as the chunks that a reader is fed. */
export interface Workload {
  /** The letter in the tables. */
  readonly name: string;
  readonly title: string;
  readonly chunks: readonly Uint8Array[];
  /** How many events a reader gets. */
  readonly events: number;
}

const token = 'data: {"choices":[{"delta":{"content":" brown"}}]}\n\n';
const wide = 'data: {"choices":[{"delta":{"content":" größe 世界 🎉"}}]}\n\n';
const heartbeats = ": keep-alive\n\n".repeat(9) + token;

/** The traffic that parsers are measured with, each of some MB; h, a byte a chunk, is a tenth of one. */
export const workloads: readonly Workload[] = [
  { name: "a", title: "LLM tokens, 16 KiB chunks", events: 50_000, chunks: cut(token.repeat(50_000), 16_384) },
  { name: "b", title: "one event per chunk", events: 20_000, chunks: times(20_000, () => utf8(token)) },
  {
    name: "c",
    title: "id, event and 3 data lines, 16 KiB chunks",
    events: 20_000,
    chunks: cut(times(20_000, update).join(""), 16_384),
  },
  {
    name: "d",
    title: "64 KiB to 1 MiB events, 64 KiB chunks",
    events: 16,
    chunks: cut(times(16, (i) => `data: ${printable(2 ** (16 + (i % 5)))}\n\n`).join(""), 65_536),
  },
  {
    name: "e",
    title: "CRLF, 16 KiB chunks",
    events: 50_000,
    chunks: cut(token.replaceAll("\n", "\r\n").repeat(50_000), 16_384),
  },
  { name: "f", title: "multi-byte text, 16 KiB chunks", events: 30_000, chunks: cut(wide.repeat(30_000), 16_384) },
  {
    name: "g",
    title: "9 heartbeats an event, 16 KiB chunks",
    events: 10_000,
    chunks: cut(heartbeats.repeat(10_000), 16_384),
  },
  { name: "h", title: "one byte per chunk", events: 2_000, chunks: cut(token.repeat(2_000), 1) },
];

/** One event of this many bytes, in one line that comes in 1 KiB chunks. */
export function oneLine(bytes: number): Workload {
  return { name: "line", title: "one line", events: 1, chunks: cut(`data: ${printable(bytes - 8)}\n\n`, 1024) };
}

/** One event of this many `data` lines, in 16 KiB chunks. */
export function manyLines(lines: number, lineEnd = "\n"): Workload {
  const stream = `data: x${lineEnd}`.repeat(lines) + lineEnd;
  return { name: "lines", title: "many lines", events: 1, chunks: cut(stream, 16_384) };
}

function update(i: number): string {
  const line = 'data: {"line":"of twenty"}\n';
  return `event: update\nid: ${1_000_001 + i}\n${line}${line}${line}\n`;
}

/** Printable ASCII. Its space comes last, for some parsers remove every space that a value begins with. */
function printable(length: number): string {
  const line = times(95, (i) => String.fromCharCode(32 + ((i + 1) % 95))).join("");
  return line.repeat(Math.ceil(length / line.length)).slice(0, length);
}

/** Chunks with memory of their own, as they come from a socket. */
function cut(text: string, size: number): Uint8Array[] {
  const bytes = utf8(text);
  return times(Math.ceil(bytes.length / size), (i) => bytes.slice(i * size, (i + 1) * size));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
