// Takes the changesets into versions, changelogs and ranges, and writes what must agree with them.
import { run } from "./run-command.ts";

const steps = [
  ["changeset", "version"],
  ["node", "scripts/sync-umbrella.ts"],
  ["node", "scripts/sync-deno.ts"],
  ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
] as const;

for (const [command, ...args] of steps) {
  const { ok } = await run(command, args, { live: true });
  if (!ok) process.exit(1);
}
