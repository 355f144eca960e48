import { createHub } from "../src/create-hub.ts";
import type { EventLog } from "../src/event-log.ts";
import type { Hub, HubOptions } from "../src/hub.ts";
import { ManualTurns } from "../src/manual-turns.ts";
import { type MemoryLogOptions, memoryLog } from "../src/memory-log.ts";
import { ScriptedSink, type ScriptedSinkOptions } from "../src/scripted-sink.ts";

/** One hub on one log, whose turns end when the test says so. */
export interface SetUp {
  readonly hub: Hub;
  readonly log: EventLog;
  readonly turns: ManualTurns;
  readonly errors: unknown[];
  join(
    matchers: Parameters<Hub["subscribe"]>[1],
    sink?: ScriptedSinkOptions,
    options?: Parameters<Hub["subscribe"]>[2],
  ): Promise<ScriptedSink>;
  publish(target: string | readonly string[], data: string): Promise<string>;
}

export function setUp(options: HubOptions = {}, logOptions: MemoryLogOptions = {}): SetUp {
  const turns = new ManualTurns();
  const errors: unknown[] = [];
  const log = options.log ?? memoryLog(logOptions);
  const hub = createHub({ scheduler: turns.schedule, onError: (error) => errors.push(error), ...options, log });
  return {
    hub,
    log,
    turns,
    errors,
    join: async (matchers, sinkOptions, subscribeOptions) => {
      const sink = new ScriptedSink(sinkOptions);
      await hub.subscribe(sink, matchers, subscribeOptions);
      await turns.end();
      return sink;
    },
    publish: async (target, data) => {
      const id = await hub.publish(target, { data });
      await turns.end();
      return id;
    },
  };
}
