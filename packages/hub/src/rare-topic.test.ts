import { expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import { ManualTurns } from "./manual-turns.ts";
import { memoryLog } from "./memory-log.ts";
import { ScriptedSink } from "./scripted-sink.ts";

it("tells a reader that comes back late of a loss in its own topics, and of no other (HUB B2)", async () => {
  const turns = new ManualTurns();
  const hub = createHub({ log: memoryLog({ maxBytes: 2000 }), scheduler: turns.schedule });
  await hub.publish("rare", { data: "seen" });
  const reader = new ScriptedSink();
  await hub.subscribe(reader, ["rare", "busy"], { from: "start" });
  await turns.end();
  const { cursor } = reader;
  for (let count = 0; count < 20; count += 1) await hub.publish("busy", { data: "x" });

  const gapOf = async (topic: string): Promise<string | undefined> => {
    const back = new ScriptedSink({ lastEventId: cursor });
    const { gap } = await hub.subscribe(back, topic);
    return gap;
  };
  expect([await gapOf("rare"), await gapOf("busy")]).toEqual([undefined, "expired"]);
  await hub.close();
});
