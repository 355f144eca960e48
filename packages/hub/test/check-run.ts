import type { Action, WorldSetting } from "./actions.ts";
import { type Checked, checkReader } from "./check-reader.ts";
import type { HubModule } from "./model-node.ts";
import { Violation } from "./violation.ts";
import { type Reader, World } from "./world.ts";

/** Lets a run happen, and checks what every reader got; throws what is wrong. */
export async function checkRun(
  setting: WorldSetting,
  run: readonly (readonly [Action, number])[],
  hub: HubModule,
): Promise<readonly (Checked & { readonly reader: Reader })[]> {
  const world = await World.create(setting, hub);
  for (const [action, links] of run) await world.act(action, links);
  await world.settle();
  const checked = world.readers.map((reader) => ({ ...checkReader(reader, world), reader }));
  const [error] = world.errors;
  if (error !== undefined) throw new Violation("no error of its own", String(error));
  const [repeat] = world.history.repeats;
  if (repeat !== undefined) throw new Violation("nothing is repeated", `${repeat} was appended again`);
  await world.close();
  return checked;
}
