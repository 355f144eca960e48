import { describe, expect, it } from "vitest";
import { asyncParsers } from "./async-parsers.ts";
import { floors, type ParsedEvent, parseWithPeer, parseWithSsekit } from "./parsers.ts";
import { parseWithUndici } from "./undici-parser.ts";
import { manyLines, oneLine, type Workload, workloads } from "./workloads.ts";

describe("workloads", () => {
  it.each([...workloads, oneLine(2 ** 18), manyLines(1000), manyLines(1000, "\r")])(
    "$name, $title: all contenders give the same events",
    async (workload) => {
      const expected = await eventsOf(parseWithSsekit, workload);
      expect(expected.length).toBe(workload.events);
      const others = [parseWithPeer, floors[workload.name] ?? parseWithPeer, parseWithUndici];
      for (const parse of [...others, ...Object.values(asyncParsers)]) {
        const events = await eventsOf(parse, workload);
        expect(events.length).toBe(expected.length);
        // Not `toEqual`, which takes seconds and would print them.
        expect(events.findIndex((event, index) => event !== expected[index])).toBe(-1);
      }
    },
  );
});

// Helpers

async function eventsOf(
  parse: (chunks: Workload["chunks"], onEvent: (event: ParsedEvent) => void) => unknown,
  { chunks }: Workload,
): Promise<string[]> {
  const events: string[] = [];
  await parse(chunks, ({ type, event, data }) => events.push(`${type ?? event ?? "message"} ${data}`));
  return events;
}
