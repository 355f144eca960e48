#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { AreaCommand } from "./area-command.ts";
import { AREAS } from "./areas.ts";
import { AttachmentError } from "./attachment.ts";
import { GATING_LEVELS, STRICT_LEVELS } from "./gating-levels.ts";
import type { CaseResult } from "./run-case.ts";
import { runCases } from "./run-cases.ts";

/** Exit codes: 1 when the subject breaks a rule, 2 when the suite can't tell. */
const FAILED = 1;
const UNKNOWN = 2;

interface RunLine {
  strict?: true;
  seed?: number;
}

function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const program = new Command("ssekit-conformance")
    .description("Tests servers, clients, parsers and proxies of Server-Sent Events against the standard.")
    .version(version)
    .showHelpAfterError("Try ssekit-conformance --help")
    .exitOverride();
  for (const area of AREAS) program.addCommand(areaCommand(area).copyInheritedSettings(program));
  return program;
}

function areaCommand(area: AreaCommand<unknown>): Command {
  const command = new Command(area.name).description(area.summary);
  if (area.argument) command.argument(...area.argument);
  command.argument("[command...]", "behind --, the command that starts the subject");
  for (const option of area.options) command.addOption(option);
  for (const more of area.moreCommands ?? []) command.addCommand(more);
  return command
    .option("--strict", "let SHOULD and PRACTICE fail the run too")
    .option("--seed <number>", "what the cases draw from; printed with each run", parseSeed)
    .addHelpText("after", `\nExamples:\n${area.examples.map((line) => `  ${line}\n`).join("")}`)
    .action((...args: unknown[]) => runArea(area, command, args));
}

function parseSeed(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number");
}

async function runArea(area: AreaCommand<unknown>, command: Command, args: readonly unknown[]): Promise<void> {
  const options = command.opts<RunLine & Record<string, unknown>>();
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const words = args[area.argument ? 1 : 0];
  const attachment = await area.attach({
    argument: area.argument && (args[0] as string | undefined),
    options,
    command: Array.isArray(words) ? (words as string[]) : [],
    signal: stop.signal,
  });
  const levels = options.strict ? STRICT_LEVELS : GATING_LEVELS;
  try {
    const { refused, results } = await runCases(area.cases, attachment, {
      ...(options.seed !== undefined && { seed: options.seed }),
      signal: stop.signal,
      smoke: area.smoke,
      concurrency: area.concurrency ?? 1,
      onEvent: (event) => {
        if (event.kind === "case-end") printResult(event.result);
      },
    });
    if (refused !== undefined) console.log(refused);
    const errors = results.some(({ verdict }) => verdict === "error");
    const failures = results.some(({ verdict, level }) => verdict === "fail" && levels.includes(level));
    process.exitCode = refused !== undefined || errors || stop.signal.aborted ? UNKNOWN : failures ? FAILED : 0;
  } finally {
    await attachment.close();
  }
}

function printResult({ id, verdict, message, expected, actual }: CaseResult): void {
  console.log(`${verdict.padEnd(11)} ${id}${message === undefined ? "" : `: ${message}`}`);
  if (expected !== undefined) console.log(`            expected: ${expected}\n            actual:   ${actual}`);
}

try {
  const args = process.argv.slice(2);
  // A bare URL means a server.
  if (/^https?:\/\//i.test(args[0] ?? "")) args.unshift("server");
  await createProgram().parseAsync(args, { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : UNKNOWN;
  else {
    console.error(error instanceof AttachmentError ? error.message : error);
    process.exitCode = UNKNOWN;
  }
}
