import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { linkPrograms } from "./link-programs.ts";
import { removeStaleOutput } from "./remove-stale-output.ts";
import { run } from "./run-command.ts";

/**
 * Builds the package and what it stands on, or all, and links the programs that are built; silent unless it fails. Resolves
 * to whether it worked.
 */
export async function build(name?: string): Promise<boolean> {
  const ok = await turbo("run", "build", ...(name === undefined ? [] : [`--filter=${name}`]));
  removeStaleOutput();
  linkPrograms();
  return ok;
}

/** Runs turbo; silent unless it fails. Resolves to whether it worked. */
export async function turbo(...args: string[]): Promise<boolean> {
  const { ok, output } = await run(process.execPath, [
    join(root, "node_modules/turbo/bin/turbo"),
    ...args,
    "--output-logs=errors-only",
  ]);
  if (!ok) console.error(output);
  return ok;
}

if (import.meta.main) process.exit((await build()) ? 0 : 1);
