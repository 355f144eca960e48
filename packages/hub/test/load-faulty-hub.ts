import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Fault } from "./faults.ts";
import type { HubModule } from "./model-node.ts";

const root = join(import.meta.dirname, "..");

/** Loads the hub from a copy of its source that has this fault, and gives it to `use`. */
export async function withFaultyHub<T>({ name, file, find, replace }: Fault, use: (hub: HubModule) => T): Promise<T> {
  // Inside the package, so that its imports are found as from its own source.
  const copy = mkdtempSync(join(root, ".fault-"));
  try {
    cpSync(join(root, "src"), copy, { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
    const text = readFileSync(join(copy, file), "utf8");
    if (text.split(find).length !== 2) {
      throw new Error(
        `Cannot plant "${name}": ${file} has not once ${JSON.stringify(find)}; change the fault with the source`,
      );
    }
    writeFileSync(
      join(copy, file),
      text.replace(find, () => replace),
    );
    return await use((await import(/* @vite-ignore */ pathToFileURL(join(copy, "mod.ts")).href)) as HubModule);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
