import { parseEventStream } from "@ssekit/codec";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { events } from "fetch-event-stream";
import { _iterSSEMessages as iterateEvents } from "openai/core/streaming";
import type { Parse, ParsedEvent } from "./parsers.ts";

type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Opens an iterable of events; some give no type where it is the default, some null. */
type Iterate = (
  stream: ByteStream,
) => AsyncIterable<{ readonly data?: string; readonly event?: string | null | undefined }>;

/** Parsers that are read by `for await` over a stream of bytes, by the name of their row. */
export const asyncParsers: Readonly<Record<string, (...read: Parameters<Parse>) => Promise<void>>> = {
  "@ssekit/codec, parseEventStream": by(parseEventStream),
  "eventsource-parser, its stream class": by((stream) =>
    stream.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()),
  ),
  "fetch-event-stream": by((stream) => events(new Response(stream))),
  openai: by((stream) => iterateEvents(new Response(stream), new AbortController())),
};

function by(iterate: Iterate): (...read: Parameters<Parse>) => Promise<void> {
  return async (chunks, onEvent) => {
    for await (const event of iterate(streamOf(chunks))) onEvent(event as ParsedEvent);
  };
}

/** The chunks, as the body of a response gives them. */
export function streamOf(chunks: readonly Uint8Array[]): ByteStream {
  let next = 0;
  return new ReadableStream({
    pull(controller): void {
      const chunk = chunks[next++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    },
  });
}
