#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { loadCommand } from "./load/load-command.ts";

/** The command line was wrong. */
const MISUSED = 2;

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const command = new Command("ssekit-bench")
  .description("Measures servers of event streams (Server-Sent Events).")
  .version(version)
  .addCommand(loadCommand());
for (const each of [command, ...command.commands])
  each.exitOverride().showHelpAfterError("Try ssekit-bench load --help");

// Whoever read the output, such as `head`, has enough.
process.stdout.on("error", () => process.exit());

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : MISUSED;
}
