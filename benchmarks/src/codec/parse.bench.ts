// The parser, bytes in and events out, against eventsource-parser (with the decoder that its users need) and the floors.
//
// Defences: all contenders run in one process, in turn, and only times of the same round are compared; each run has a
// fresh parser; the callback reads what it is given, and the count it makes is checked in each run; chunks have memory of
// their own; times include garbage collection; `workloads.test.ts` checks that all contenders give the same events.
import { type Contender, geometricMean, type Row, ratiosOfFirst, report } from "./measure.ts";
import { floors, type Parse, type ParsedEvent, parseWithPeer, parseWithSsekit } from "./parsers.ts";
import { type Workload, workloads } from "./workloads.ts";

// What a callback keeps, so that no event is optimized away.
let kept: ParsedEvent | undefined;

const rows: Row[] = [];
for (const workload of workloads) {
  const floor = floors[workload.name];
  const contenders = [
    contender("ssekit", parseWithSsekit, workload),
    contender("eventsource-parser", parseWithPeer, workload),
    ...(floor === undefined ? [] : [contender("floor", floor, workload)]),
  ];
  const ratios = await ratiosOfFirst(contenders, workload.events);
  const goal = { e: 1.3, h: 5 }[workload.name] ?? 0.97;
  const { name, title } = workload;
  rows.push({ name, title, against: "eventsource-parser", ratio: ratios[0] as number, goal });
  if (ratios[1] !== undefined) rows.push({ name, title, against: "floor", ratio: ratios[1], goal: 0.85 });
}
const againstPeer = rows.filter(({ name, against }) => name !== "h" && against === "eventsource-parser");
const mean = geometricMean(againstPeer.map(({ ratio }) => ratio));
rows.push({ name: "a-g", title: "geometric mean", against: "eventsource-parser", ratio: mean, goal: 1.15 });
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
