#!/usr/bin/env node
import { runCli, UNKNOWN } from "./cli/run-cli.ts";

// Whoever read the output, such as `head`, has enough.
process.stdout.on("error", () => process.exit(UNKNOWN));
// A subject in this process may throw where nobody can catch it: that is no verdict.
process.on("uncaughtException", (error) => {
  console.error("Cannot go on: the subject, or the suite, threw outside of any case:", error);
  process.exit(UNKNOWN);
});

process.exitCode = await runCli(process.argv.slice(2));
// A driver, or a subject in this process, may have left open what would keep it for ever.
process.stdout.write("", () => process.exit());
