#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import type { AreaCommand } from "./area-command.ts";
import { AREAS } from "./areas.ts";
import { AttachmentError } from "./attachment.ts";
import { explainCommand } from "./cli/explain-command.ts";
import { listCommand } from "./cli/list-command.ts";
import { reportCommand } from "./cli/report-command.ts";
import { runArea } from "./cli/run-area.ts";
import { type RunLine, runOptions } from "./cli/run-line.ts";
import { suiteVersion } from "./cli/suite-version.ts";
import { UsageError } from "./cli/usage-error.ts";
import { watchAndRun } from "./cli/watch.ts";

/** Exit code when nothing is known of the subject: a wrong command line, an attachment that failed. */
const UNKNOWN = 2;

const EXIT_CODES = `
Exit codes: 0 no rule that gates is broken; 1 one is, or an expected failure passed; 2 nothing is known: the command
line is wrong, or the suite or the attachment failed.`;

function createProgram(args: readonly string[]): Command {
  const program = new Command("ssekit-conformance")
    .description("Tests servers, clients, parsers and proxies of Server-Sent Events against the standard.")
    .version(suiteVersion())
    .showHelpAfterError("Try ssekit-conformance --help")
    .exitOverride()
    .addHelpText("after", `\nA URL alone means a server.\n${EXIT_CODES}`);
  const areas = AREAS.map((area) => areaCommand(area, args));
  for (const command of [...areas, listCommand(), explainCommand(), reportCommand()]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  // What is too much for them is told by splitArguments, with what to do.
  for (const command of areas) command.allowExcessArguments();
  return program;
}

function areaCommand(area: AreaCommand<unknown>, args: readonly string[]): Command {
  const command = new Command(area.name).description(`Tests ${area.summary}.`).usage(usageOf(area));
  if (area.argument) command.argument(...area.argument);
  if (area.takesCommand) command.argument("[command...]", "behind --, the command that starts the subject");
  for (const option of area.options) command.addOption(option);
  for (const more of area.moreCommands ?? []) command.addCommand(more);
  for (const option of runOptions()) command.addOption(option);
  const examples = area.examples.map((line) => `  ${line}\n`).join("");
  return command.addHelpText("after", `\nExamples:\n${examples}${EXIT_CODES}`).action(async () => {
    const options = command.opts<RunLine & Record<string, unknown>>();
    if (options.watch) await watchAndRun(args);
    const { argument, words } = splitArguments(area, command, args);
    process.exitCode = await runArea(area, { argument, options, command: words });
  });
}

function usageOf({ argument, takesCommand }: AreaCommand<unknown>): string {
  return `[options]${argument ? ` ${argument[0]}` : ""}${takesCommand ? " [-- command...]" : ""}`;
}

/** Tells the argument from the command: only what stands behind `--` is one. */
function splitArguments(
  area: AreaCommand<unknown>,
  command: Command,
  args: readonly string[],
): { argument: string | undefined; words: string[] } {
  const behind = args.indexOf("--");
  const words = behind === -1 ? [] : args.slice(behind + 1);
  if (words.length > 0 && !area.takesCommand) {
    throw new UsageError(
      `Cannot start a ${area.name} by the command ${words.join(" ")}: start it before, and give its URL`,
    );
  }
  const given = command.args.slice(0, command.args.length - words.length);
  const allowed = area.argument ? 1 : 0;
  if (given.length <= allowed) return { argument: given[0], words };
  const what = area.takesCommand ? "a command that starts the subject stands behind --" : "one URL is tested at a time";
  throw new UsageError(`Cannot take ${given[allowed]}: ${what}`);
}

// Whoever read the output, such as `head`, has enough.
process.stdout.on("error", () => process.exit(UNKNOWN));
// A subject in this process may throw where nobody can catch it: that is no verdict.
process.on("uncaughtException", (error) => {
  console.error("Cannot go on: the subject, or the suite, threw outside of any case:", error);
  process.exit(UNKNOWN);
});

try {
  const args = process.argv.slice(2);
  if (/^https?:\/\//i.test(args[0] ?? "")) args.unshift("server");
  await createProgram(args).parseAsync(args, { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : UNKNOWN;
  else {
    const told = error instanceof AttachmentError || error instanceof UsageError;
    console.error(told ? error.message : error);
    process.exitCode = UNKNOWN;
  }
}
// A driver, or a subject in this process, may have left open what would keep it for ever.
process.stdout.write("", () => process.exit());
