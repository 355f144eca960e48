import { describe, expect, it } from "vitest";
import { floors, type Parse, parseWithPeer, parseWithSsekit } from "./parsers.ts";
import { parseWithUndici } from "./undici-parser.ts";
import { manyLines, oneLine, type Workload, workloads } from "./workloads.ts";

describe("workloads", () => {
  it.each([...workloads, oneLine(2 ** 20), manyLines(1000), manyLines(1000, "\r")])(
    "$name, $title: all contenders give the same events",
    (workload) => {
      const expected = eventsOf(parseWithSsekit, workload);
      expect(expected.length).toBe(workload.events);
      for (const parse of [parseWithPeer, floors[workload.name] ?? parseWithPeer, parseWithUndici]) {
        const events = eventsOf(parse, workload);
        expect(events.length).toBe(expected.length);
        // Not `toEqual`, which takes seconds and would print them.
        expect(events.findIndex((event, index) => event !== expected[index])).toBe(-1);
      }
    },
  );
});

// Helpers

function eventsOf(parse: Parse, { chunks }: Workload): string[] {
  const events: string[] = [];
  parse(chunks, ({ type, event, data }) => events.push(`${type ?? event ?? "message"} ${data}`));
  return events;
}
