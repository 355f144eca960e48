// The encoder to a string, against a bare template without any check, eventsource-encoder and better-sse. Defences as in
// parse.bench.ts; each run encodes the same events, of which no two have the same text.
import { stringifyEvent } from "@ssekit/codec";
import { createEventBuffer } from "better-sse";
import { encode } from "eventsource-encoder";
import { type Contender, type Ratios, ratiosOfFirst, report } from "./measure.ts";

const EVENTS = 10_000;
const small = Array.from({ length: EVENTS }, (_, i) => ({ data: `{"choices":[{"delta":{"content":" brown${i}"}}]}` }));
const full = small.map(({ data }, i) => ({ event: "update", id: `${1_000_001 + i}`, data: data.padEnd(200, ".") }));

// As its sessions do: one buffer, emptied after each event, which gets its data as a string here.
const buffer = createEventBuffer({ serializer: String });

report([
  ...(await ratiosOf("small", [
    contender("ssekit", small, stringifyEvent),
    contender("template", small, ({ data }) => `data: ${data}\n\n`),
    contender("eventsource-encoder", small, encode),
    contender("better-sse", small, ({ data }) => flush(buffer.push(data))),
  ])),
  ...(await ratiosOf("full", [
    contender("ssekit", full, stringifyEvent),
    contender("template", full, ({ event, data, id }) => `event: ${event}\ndata: ${data}\nid: ${id}\n\n`),
    contender("eventsource-encoder", full, encode),
    contender("better-sse", full, ({ event, data, id }) => flush(buffer.push(data, event, id))),
  ])),
]);

async function ratiosOf(event: string, contenders: Contender[]): Promise<Ratios[]> {
  const [template = [], encoder = [], betterSse = []] = await ratiosOfFirst(contenders, EVENTS);
  return [
    { id: `stringify ${event} floor`, ratios: template },
    { id: `stringify ${event}`, ratios: encoder },
    { id: `stringify ${event} better-sse`, ratios: betterSse },
  ];
}

function flush(full: typeof buffer): string {
  const text = full.read();
  full.clear();
  return text;
}

function contender<Event>(name: string, events: readonly Event[], write: (event: Event) => string): Contender {
  return {
    name,
    run(): number {
      let count = 0;
      // Reading the last unit makes the engine join what was concatenated.
      for (const event of events) if (write(event).endsWith("\n")) count++;
      return count;
    },
  };
}
