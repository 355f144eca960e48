import { createParser } from "@ssekit/codec";
import { createParser as createPeer } from "eventsource-parser";

/** An event as any of the parsers gives it. */
export interface ParsedEvent {
  readonly type?: string;
  /** The peer's name of the type. */
  readonly event?: string | undefined;
  readonly data: string;
}

/** Reads a whole stream with a fresh parser. */
export type Parse = (chunks: readonly Uint8Array[], onEvent: (event: ParsedEvent) => void) => void;

/** Ours with all that it promises on: a limit, and callbacks that may throw or stop the parser. */
export const parseWithSsekit: Parse = (chunks, onEvent) => {
  const parser = createParser({ onEvent, onError: rethrow }, { maxEventBytes: 64 * 2 ** 20 });
  for (const chunk of chunks) parser.feed(chunk);
};

/** The peer, with the decoder that its users need. */
export const parseWithPeer: Parse = (chunks, onEvent) => {
  const decoder = new TextDecoder();
  const parser = createPeer({ onEvent });
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
};

/**
 * The floors: programs for one workload alone, which may assume its shape. They decode, scan, slice, make the object and
 * call back, and do nothing else, so no parser can be much faster.
 */
export const floors: { readonly [workload: string]: Parse } = {
  a: (chunks, onEvent) =>
    readBlocks(chunks, (text, start) => {
      const end = text.indexOf("\n", start);
      if (end === -1 || end + 1 === text.length) return -1;
      onEvent({ type: "message", data: text.slice(start + 6, end), lastEventId: "" } as ParsedEvent);
      return end + 2;
    }),
  c: (chunks, onEvent) =>
    readBlocks(chunks, (text, start) => {
      const id = text.indexOf("\n", start) + 1;
      const first = text.indexOf("\n", id) + 1;
      const second = text.indexOf("\n", first) + 1;
      const third = text.indexOf("\n", second) + 1;
      const end = text.indexOf("\n", third);
      // Where a line end is missing, the search begins again at the first.
      if (end < third || third < second || second < first || first < id || id === 0 || end + 1 === text.length)
        return -1;
      onEvent({
        type: text.slice(start + 7, id - 1),
        data: `${text.slice(first + 6, second - 1)}\n${text.slice(second + 6, third - 1)}\n${text.slice(third + 6, end)}`,
        lastEventId: text.slice(id + 4, first - 1),
      } as ParsedEvent);
      return end + 2;
    }),
};

/** Calls `read` at the start of each block; it returns the start of the next one, or -1 if the block is cut. */
function readBlocks(chunks: readonly Uint8Array[], read: (text: string, start: number) => number): void {
  const decoder = new TextDecoder();
  let rest = "";
  for (const chunk of chunks) {
    const text = decoder.decode(chunk);
    // No block of a and c is longer than 200.
    let at = rest === "" ? 0 : read(rest + text.slice(0, 200), 0) - rest.length;
    for (let next = read(text, at); next !== -1; next = read(text, at)) at = next;
    rest = text.slice(at);
  }
}

function rethrow(error: Error): never {
  throw error;
}
