// The encoder to bytes, against a bare template without any check, encoded by either of a runtime's ways. Defences as in
// parse.bench.ts.
import { Buffer } from "node:buffer";
import { encodeEvent } from "@ssekit/codec";
import { type Contender, type Ratios, ratiosOfFirst, report } from "./measure.ts";

const EVENTS = 10_000;
const small = Array.from({ length: EVENTS }, (_, i) => ({ data: `{"choices":[{"delta":{"content":" brown${i}"}}]}` }));
const full = small.map(({ data }, i) => ({ event: "update", id: `${1_000_001 + i}`, data: data.padEnd(200, ".") }));
const encoder = new TextEncoder();

report([
  ...(await ratiosOf("small", small, ({ data }) => `data: ${data}\n\n`)),
  ...(await ratiosOf("full", full, ({ event, data, id }) => `event: ${event}\ndata: ${data}\nid: ${id}\n\n`)),
]);

async function ratiosOf<Event extends { data: string }>(
  name: string,
  events: readonly Event[],
  write: (event: Event) => string,
): Promise<Ratios[]> {
  const [buffer = [], textEncoder = []] = await ratiosOfFirst(
    [
      contender("ssekit", events, encodeEvent),
      contender("Buffer", events, (event) => Buffer.from(write(event))),
      contender("TextEncoder", events, (event) => encoder.encode(write(event))),
    ],
    EVENTS,
  );
  return [
    { id: `encode ${name} Buffer`, ratios: buffer },
    { id: `encode ${name} TextEncoder`, ratios: textEncoder },
  ];
}

function contender<Event>(name: string, events: readonly Event[], encode: (event: Event) => Uint8Array): Contender {
  return {
    name,
    run(): number {
      let count = 0;
      for (const event of events) if (encode(event).at(-1) === 0x0a) count++;
      return count;
    },
  };
}
