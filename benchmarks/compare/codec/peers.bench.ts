// All parsers beside eventsource-parser, on each workload. Defences as in parse.bench.ts, but for the rounds of those that
// are read by `for await`: some take a hundred times as long.
import { asyncParsers } from "./async-parsers.ts";
import { type Contender, type Ratios, ratiosOfFirst, report } from "./measure.ts";
import { type ParsedEvent, parseWithPeer, parseWithSsekit } from "./parsers.ts";
import { type Workload, workloads } from "./workloads.ts";

type AnyParse = (chunks: Workload["chunks"], onEvent: (event: ParsedEvent) => void) => unknown;

const callbackParsers: Record<string, AnyParse> = { "@ssekit/codec, createParser": parseWithSsekit };
if (!("Deno" in globalThis || "Bun" in globalThis)) {
  callbackParsers.undici = (await import("./undici-parser.ts")).parseWithUndici;
}

const rows: Ratios[] = [];
for (const workload of workloads) {
  await compare(workload, callbackParsers);
  await compare(workload, asyncParsers, { rounds: 5, span: 1 });
}
report(rows);

async function compare(workload: Workload, parsers: Readonly<Record<string, AnyParse>>, options = {}): Promise<void> {
  const contenders = [parseWithPeer, ...Object.values(parsers)].map((parse) => contender(parse, workload));
  const measured = await ratiosOfFirst(contenders, workload.events, options);
  for (const [index, name] of Object.keys(parsers).entries()) {
    // How many times as fast as the peer it is, where `measured` has how many times as fast as it the peer is.
    rows.push({ id: `${workload.name} ${name}`, ratios: (measured[index] ?? []).map((ratio) => 1 / ratio) });
  }
}

function contender(parse: AnyParse, { name, chunks }: Workload): Contender {
  return {
    name,
    async run(): Promise<number> {
      let events = 0;
      await parse(chunks, ({ data }) => {
        if (data !== "") events++;
      });
      return events;
    },
  };
}
