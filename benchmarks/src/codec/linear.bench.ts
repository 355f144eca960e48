// Linear time: 16 MiB in events of 1 to 16 MiB should take the same time, and so should a million data lines in more or
// fewer events. What is quadratic falls to a sixteenth; collecting garbage while an event is large costs up to two thirds.
import { type Contender, type Row, ratiosOfFirst, report } from "./measure.ts";
import { parseWithSsekit } from "./parsers.ts";
import { manyLines, oneLine, type Workload } from "./workloads.ts";

const sizes = [1, 2, 4, 8, 16];
const MiB = 2 ** 20;
const goal = 0.25;
const rows: Row[] = [
  ...(await rowsOf("MiB in one line, 1 KiB chunks", (size) => oneLine(size * MiB))),
  ...(await rowsOf("/ 16 million data lines in one event", (size) => manyLines((size * 1e6) / 16))),
  ...(await rowsOf("/ 16 million data lines, CR", (size) => manyLines((size * 1e6) / 16, "\r"))),
  ...(await rowsOf("/ 16 million data lines, CRLF", (size) => manyLines((size * 1e6) / 16, "\r\n"))),
];
report(rows);

async function rowsOf(title: string, make: (size: number) => Workload): Promise<Row[]> {
  const ratios = await ratiosOfFirst(
    sizes.map((size) => contender(make(size), 16 / size)),
    1,
  );
  return ratios.map((ratio, index) => ({
    name: "line",
    title: `${sizes[index + 1]} ${title}`,
    against: `1 ${title}`,
    ratio: 1 / ratio,
    goal,
  }));
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
