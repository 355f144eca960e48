import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { run } from "./run-command.ts";

/** Builds the package and what it stands on, or all; silent unless it fails. Resolves to whether it worked. */
export async function build(name?: string): Promise<boolean> {
  return await turbo("run", "build", ...(name === undefined ? [] : [`--filter=${name}`]));
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
