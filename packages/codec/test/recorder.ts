import type { EventParser, ParserCallbacks, ParserOptions } from "../src/event-parser.ts";
import { createParser } from "../src/parser.ts";

/** What a parser is fed. */
export type Chunk = Uint8Array | string;
/** What the callbacks were given, in order, as `name:value`. */
export type Call = string;

/** Callbacks that note each call before they make it. */
export function recording(calls: Call[], callbacks: ParserCallbacks = {}): ParserCallbacks {
  return {
    onEvent(event) {
      calls.push(`event:${event.type}|${event.data}|${event.lastEventId}`);
      callbacks.onEvent?.(event);
    },
    onComment(comment) {
      calls.push(`comment:${comment}`);
      callbacks.onComment?.(comment);
    },
    onReconnectionTime(milliseconds) {
      calls.push(`retry:${milliseconds}`);
      callbacks.onReconnectionTime?.(milliseconds);
    },
    onLastEventId(lastEventId) {
      calls.push(`id:${lastEventId}`);
      callbacks.onLastEventId?.(lastEventId);
    },
    onError(error) {
      calls.push(`error:${error.code}`);
      callbacks.onError?.(error);
    },
  };
}

/** A parser, and the calls that it has made. */
export function recorder(options?: ParserOptions): { calls: Call[]; parser: EventParser } {
  const calls: Call[] = [];
  return { calls, parser: createParser(recording(calls), options) };
}

/** The calls that these chunks lead to. */
export function callsOf(chunks: Iterable<Chunk>, options?: ParserOptions): Call[] {
  const { calls, parser } = recorder(options);
  for (const chunk of chunks) parser.feed(chunk);
  return calls;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes of texts and single bytes. */
export function bytes(...parts: (string | number)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...utf8(part)])));
}

/** The stream in pieces of these lengths. */
export function* cut(stream: Chunk, size: () => number): Generator<Chunk> {
  for (let at = 0; at < stream.length; ) {
    const end = at + size();
    yield typeof stream === "string" ? stream.slice(at, end) : stream.slice(at, end);
    at = end;
  }
}

export function singles(stream: Chunk): Chunk[] {
  return [...cut(stream, () => 1)];
}

export function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
