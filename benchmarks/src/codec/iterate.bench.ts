// The parser as an async iterable over a stream of bytes, against TextDecoderStream and the peer's stream class.
// Defences as in parse.bench.ts.
import { parseEventStream } from "@ssekit/codec";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { type Contender, geometricMean, type Row, ratiosOfFirst, report } from "./measure.ts";
import { workloads } from "./workloads.ts";

const rows: Row[] = [];
const against = "TextDecoderStream + EventSourceParserStream";
for (const { name, title, chunks, events } of workloads.filter(({ name }) => "abc".includes(name))) {
  const ours = contender("ssekit", () => parseEventStream(streamOf(chunks)));
  const peer = contender(against, () =>
    streamOf(chunks).pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()),
  );
  const [ratio] = await ratiosOfFirst([ours, peer], events);
  rows.push({ name, title: `for await: ${title}`, against, ratio: ratio as number });
}
const mean = geometricMean(rows.map(({ ratio }) => ratio));
rows.push({ name: "a-c", title: "for await: geometric mean", against, ratio: mean, goal: 2 });
report(rows);

function contender(name: string, open: () => AsyncIterable<{ readonly data: string }>): Contender {
  return {
    name,
    async run(): Promise<number> {
      let events = 0;
      for await (const { data } of open()) if (data !== "") events++;
      return events;
    },
  };
}

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<BufferSource & Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller): void {
      const chunk = chunks[next++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    },
  });
}
