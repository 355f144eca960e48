import type { Comparison, Row, Unit } from "../comparison.ts";
import { bundleSize } from "./bundle-size.ts";

const NODE_ONLY = "launchdarkly-eventsource";

/** What an app imports, by the name of its row. */
const modules: Readonly<Record<string, string>> = {
  "createParser of @ssekit/codec": 'export { createParser } from "@ssekit/codec"',
  "parseEventStream of @ssekit/codec": 'export { parseEventStream } from "@ssekit/codec"',
  "eventsource-parser": 'export { createParser } from "eventsource-parser"',
  "eventsource-parser, its stream class": 'export { EventSourceParserStream } from "eventsource-parser/stream"',
  "fetch-event-stream": 'export { events } from "fetch-event-stream"',
  "EventSource of @ssekit/client": 'export { EventSource } from "@ssekit/client/eventsource"',
  "EventSourceClient of @ssekit/client": 'export { EventSourceClient } from "@ssekit/client"',
  eventsource: 'export { EventSource } from "eventsource"',
  "eventsource-client": 'export { createEventSource } from "eventsource-client"',
  [NODE_ONLY]: 'export { EventSource } from "launchdarkly-eventsource"',
  "event-source-plus": 'export { EventSourcePlus } from "event-source-plus"',
};

/** Codecs and clients as an app bundles them for browsers, minified and gzipped: PEERS section 4. */
export function sizes(): Comparison {
  return {
    name: "sizes",
    title: "Sizes of codecs and clients, minified and gzipped",
    columns: [{ name: "size", unit: "KB of 1024 bytes" }],
    rows: Object.keys(modules).map((name): Row => ({ name, ours: name.includes("@ssekit") })),
    goals: [],
    units: Object.entries(modules).map(([row, source]) => unitOf(row, source)),
    settings: {},
    rounds: 1,
    minutes: 0.5,
    chart: "none",
  };
}

function unitOf(row: string, source: string): Unit {
  return {
    name: row,
    run: async () => {
      const target = row === NODE_ONLY ? "node" : "browser";
      const bytes = await bundleSize(source, ["--conditions=@ssekit/source", `--target=${target}`]);
      return [{ row, column: "size", values: [bytes / 1024] }];
    },
  };
}
