// Linear time: 16 MiB in one event should take the time of 16 events of 1 MiB, and so should a million data lines in one
// event. What is quadratic falls to a sixteenth; collecting garbage while an event is large costs up to two thirds.
import { type Contender, type Ratios, ratiosOfFirst, report } from "./measure.ts";
import { parseWithSsekit } from "./parsers.ts";
import { manyLines, oneLine, type Workload } from "./workloads.ts";

const TIMES = 16;
const MiB = 2 ** 20;
report([
  await ratiosOf("linear line", (size) => oneLine(size * MiB)),
  await ratiosOf("linear LF", (size) => manyLines((size * 1e6) / TIMES)),
  await ratiosOf("linear CR", (size) => manyLines((size * 1e6) / TIMES, "\r")),
  await ratiosOf("linear CRLF", (size) => manyLines((size * 1e6) / TIMES, "\r\n")),
]);

async function ratiosOf(id: string, make: (size: number) => Workload): Promise<Ratios> {
  const [ratios = []] = await ratiosOfFirst([contender(make(TIMES), 1), contender(make(1), TIMES)], 1);
  return { id, ratios };
}

function contender({ chunks, title }: Workload, times: number): Contender {
  return {
    name: title,
    run(): number {
      let events = 0;
      for (let i = 0; i < times; i++) parseWithSsekit(chunks, () => events++);
      return events / times;
    },
  };
}
