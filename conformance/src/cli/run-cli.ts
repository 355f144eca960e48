import { inspect } from "node:util";
import { Command, CommanderError } from "commander";
import type { AreaCommand } from "../area-command.ts";
import { AREAS } from "../areas.ts";
import { AttachmentError } from "../attachment.ts";
import { explainCommand } from "./explain-command.ts";
import { listCommand } from "./list-command.ts";
import type { Output } from "./output.ts";
import { reportCommand } from "./report-command.ts";
import { runArea } from "./run-area.ts";
import { type RunLine, runOptions } from "./run-line.ts";
import { suiteVersion } from "./suite-version.ts";
import { untilSignal } from "./until-signal.ts";
import { UsageError } from "./usage-error.ts";
import { watchAndRun } from "./watch.ts";

/** Exit code when nothing is known of the subject: a wrong command line, an attachment that failed. */
export const UNKNOWN = 2;

const EXIT_CODES = `
Exit codes: 0 no rule that gates is broken; 1 one is, or an expected failure passed; 2 nothing is known: the command
line is wrong, or the suite or the attachment failed.`;

/** Does what a command line asks for, and gives its exit code. */
export async function runCli(given: readonly string[], output: Output = process): Promise<number> {
  const args = /^https?:\/\//i.test(given[0] ?? "") ? ["server", ...given] : given;
  const ended = { exitCode: 0 };
  try {
    await createProgram(args, output, ended).parseAsync(args, { from: "user" });
    return ended.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : UNKNOWN;
    const told = error instanceof AttachmentError || error instanceof UsageError;
    output.stderr.write(`${told ? error.message : inspect(error)}\n`);
    return UNKNOWN;
  }
}

function createProgram(args: readonly string[], output: Output, ended: { exitCode: number }): Command {
  const program = new Command("ssekit-conformance")
    .description("Tests servers, clients, parsers and proxies of Server-Sent Events against the standard.")
    .version(suiteVersion())
    .showHelpAfterError("Try ssekit-conformance --help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void output.stdout.write(text),
      writeErr: (text) => void output.stderr.write(text),
    })
    .addHelpText("after", `\nA URL alone means a server.\n${EXIT_CODES}`);
  const areas = AREAS.map((area) => areaCommand(area, { args, output, ended }));
  for (const command of [...areas, listCommand(output), explainCommand(output), reportCommand(output)]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  // What is too much for them is told by splitArguments, with what to do.
  for (const command of areas) {
    command.allowExcessArguments();
    for (const more of command.commands) more.copyInheritedSettings(program);
  }
  return program;
}

function areaCommand(
  area: AreaCommand<unknown>,
  { args, output, ended }: { args: readonly string[]; output: Output; ended: { exitCode: number } },
): Command {
  const command = new Command(area.name).description(`Tests ${area.summary}.`).usage(usageOf(area));
  if (area.argument) command.argument(...area.argument);
  if (area.takesCommand) command.argument("[command...]", "behind --, the command that starts the subject");
  for (const option of area.options) command.addOption(option);
  for (const more of area.moreCommands?.(output) ?? []) command.addCommand(more);
  for (const option of runOptions()) command.addOption(option);
  const examples = area.examples.map((line) => `  ${line}\n`).join("");
  return command.addHelpText("after", `\nExamples:\n${examples}${EXIT_CODES}`).action(async () => {
    const options = command.opts<RunLine & Record<string, unknown>>();
    if (options.watch) await watchAndRun(args);
    const { argument, words } = splitArguments(area, command, args);
    ended.exitCode = await untilSignal((signal) =>
      runArea(area, { argument, options, command: words, signal }, output),
    );
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
