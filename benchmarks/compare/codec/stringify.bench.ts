// The encoder to a string, against a bare template without any check, and eventsource-encoder. Defences as in
// parse.bench.ts; each run encodes the same events, of which no two have the same text.
import { stringifyEvent } from "@ssekit/codec";
import { encode } from "eventsource-encoder";
import { type Contender, type Ratios, ratiosOfFirst, report } from "./measure.ts";

const EVENTS = 10_000;
const small = Array.from({ length: EVENTS }, (_, i) => ({ data: `{"choices":[{"delta":{"content":" brown${i}"}}]}` }));
const full = small.map(({ data }, i) => ({ event: "update", id: `${1_000_001 + i}`, data: data.padEnd(200, ".") }));

report([
  ...(await ratiosOf("small", [
    contender("ssekit", small, stringifyEvent),
    contender("template", small, ({ data }) => `data: ${data}\n\n`),
    contender("eventsource-encoder", small, encode),
  ])),
  ...(await ratiosOf("full", [
    contender("ssekit", full, stringifyEvent),
    contender("template", full, ({ event, data, id }) => `event: ${event}\ndata: ${data}\nid: ${id}\n\n`),
    contender("eventsource-encoder", full, encode),
  ])),
]);

async function ratiosOf(event: string, contenders: Contender[]): Promise<Ratios[]> {
  const [template = [], encoder = []] = await ratiosOfFirst(contenders, EVENTS);
  return [
    { id: `stringify ${event} floor`, ratios: template },
    { id: `stringify ${event}`, ratios: encoder },
  ];
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
