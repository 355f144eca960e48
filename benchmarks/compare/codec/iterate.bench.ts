// The parser as an async iterable over a stream of bytes, against TextDecoderStream and the peer's stream class.
// Defences as in parse.bench.ts.
import { parseEventStream } from "@ssekit/codec";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { streamOf } from "./async-parsers.ts";
import { type Contender, geometricMean, type Ratios, ratiosOfFirst, report } from "./measure.ts";
import { workloads } from "./workloads.ts";

const rows: Ratios[] = [];
for (const { name, chunks, events } of workloads.filter(({ name }) => "abc".includes(name))) {
  const ours = contender("ssekit", () => parseEventStream(streamOf(chunks)));
  const peer = contender("TextDecoderStream + EventSourceParserStream", () =>
    streamOf(chunks).pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()),
  );
  const [ratios = []] = await ratiosOfFirst([ours, peer], events);
  rows.push({ id: `iterate ${name}`, ratios });
}
rows.push({ id: "iterate mean", ratios: geometricMean(rows) });
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
