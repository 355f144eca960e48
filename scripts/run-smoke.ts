import { run } from "./run-command.ts";
import type { Runtime } from "./runtimes.ts";
import type { Counts } from "./test-counts.ts";

/** Runs the plain programs of `scripts/smoke` on the built packages: vitest's loader must not be all that we know. */
export async function runSmoke({ name, binary, args }: Runtime): Promise<Counts> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const program of ["scripts/smoke/import.mjs", "scripts/smoke/require.cjs"]) {
    const { ok, output } = await run(binary ?? "", [...args, program]);
    if (ok) counts.passed++;
    else {
      counts.failed++;
      console.log(`\n${name}: ${program} failed:\n${output}`);
    }
  }
  return counts;
}
