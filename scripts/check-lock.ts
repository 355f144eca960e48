// The lock files name every package for every platform: npm drops one silently when a registry lacks it, and `npm ci`
// then fails for everyone.
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { run } from "./run-command.ts";

for (const folder of ["", "tools/runtimes"]) {
  const { ok, output } = await run("npm", ["ci", "--dry-run", "--ignore-scripts", "--loglevel=error"], {
    cwd: join(root, folder),
  });
  if (ok && !/Missing|Invalid/.test(output)) continue;
  console.log(`${join(folder, "package-lock.json")} is not complete:\n${output}`);
  process.exitCode = 1;
}
