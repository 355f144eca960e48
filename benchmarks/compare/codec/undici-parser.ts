// @ts-expect-error: undici exports its clients alone, and this file has no types
import { EventSourceStream } from "undici/lib/web/eventsource/eventsource-stream.js";
import type { Parse, ParsedEvent } from "./parsers.ts";

interface UndiciParser {
  _transform(chunk: Uint8Array, encoding: string, callback: () => void): void;
}

/** The parser in undici's `EventSource`, without the streams around it; it needs Node. */
export const parseWithUndici: Parse = (chunks, onEvent) => {
  const push = ({ type, options: { data } }: { type: string; options: ParsedEvent }): boolean => {
    onEvent({ type, data });
    return true;
  };
  const parser: UndiciParser = new EventSourceStream({ push });
  for (const chunk of chunks)
    parser._transform(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), "", () => {});
};
