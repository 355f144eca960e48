// The encoder to a string, against a bare template without any check, and eventsource-encoder. Defences as in
// parse.bench.ts; each run encodes the same events, of which no two have the same text.
import { stringifyEvent } from "@ssekit/codec";
import { encode } from "eventsource-encoder";
import { type Contender, type Row, ratiosOfFirst, report } from "./measure.ts";

const EVENTS = 10_000;
const small = Array.from({ length: EVENTS }, (_, i) => ({ data: `{"choices":[{"delta":{"content":" brown${i}"}}]}` }));
const full = small.map(({ data }, i) => ({ event: "update", id: `${1_000_001 + i}`, data: data.padEnd(200, ".") }));

const rows: Row[] = [
  ...(await rowsOf("small event", 1 / 1.3, [
    contender("ssekit", small, stringifyEvent),
    contender("template", small, ({ data }) => `data: ${data}\n\n`),
    contender("eventsource-encoder", small, encode),
  ])),
  ...(await rowsOf("id, event and 200 bytes", 1 / 1.7, [
    contender("ssekit", full, stringifyEvent),
    contender("template", full, ({ event, data, id }) => `event: ${event}\ndata: ${data}\nid: ${id}\n\n`),
    contender("eventsource-encoder", full, encode),
  ])),
];
report(rows);

async function rowsOf(title: string, goal: number, contenders: Contender[]): Promise<Row[]> {
  const [template, encoder] = (await ratiosOfFirst(contenders, EVENTS)) as [number, number];
  return [
    { name: "enc", title: `stringify: ${title}`, against: "template", ratio: template, goal },
    { name: "enc", title: `stringify: ${title}`, against: "eventsource-encoder", ratio: encoder, goal: 2 },
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
