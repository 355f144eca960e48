// The parser, bytes in and events out, against eventsource-parser (with the decoder that its users need) and the floors.
//
// Defences: all contenders run in one process, in turn, and only times of the same round are compared; each run has a
// fresh parser; the callback reads what it is given, and the count it makes is checked in each run; chunks have memory of
// their own; times include garbage collection; `workloads.test.ts` checks that all contenders give the same events.
import { type Contender, geometricMean, type Ratios, ratiosOfFirst, report } from "./measure.ts";
import { floors, type Parse, type ParsedEvent, parseWithPeer, parseWithSsekit } from "./parsers.ts";
import { type Workload, workloads } from "./workloads.ts";

// What a callback keeps, so that no event is optimized away.
let kept: ParsedEvent | undefined;

const rows: Ratios[] = [];
for (const workload of workloads) {
  const floor = floors[workload.name];
  const others = Object.entries({ "": parseWithPeer, " floor": floor }).flatMap(([suffix, parse]) =>
    parse === undefined ? [] : [contender(suffix, parse, workload)],
  );
  const ratios = await ratiosOfFirst([contender("ssekit", parseWithSsekit, workload), ...others], workload.events);
  for (const [index, { name }] of others.entries()) {
    rows.push({ id: `parse ${workload.name}${name}`, ratios: ratios[index] as number[] });
  }
}
const ids = [..."abcdefg"].map((workload) => `parse ${workload}`);
rows.push({ id: "parse mean", ratios: geometricMean(rows.filter(({ id }) => ids.includes(id))) });
report(rows);

function contender(name: string, parse: Parse, { chunks }: Workload): Contender {
  return {
    name,
    run(): number {
      let events = 0;
      const onEvent = (event: ParsedEvent): void => {
        kept = event;
        events++;
      };
      parse(chunks, onEvent);
      return kept?.data === "" ? 0 : events;
    },
  };
}
