import type { Command, Option } from "commander";
import type { Attachment } from "./attachment.ts";
import type { Case } from "./case.ts";
import type { Output } from "./cli/output.ts";

/** One area of the suite, as a command of `ssekit-conformance`. */
export interface AreaCommand<Subject> {
  /** As it is typed: `parser`. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Its argument as commander writes it, as `<url>` or `[url]`, and what it is; left out where there is none. */
  readonly argument?: readonly [name: string, description: string];
  /** Whether a command behind `--` starts its subject. */
  readonly takesCommand?: true;
  /** Its own options. */
  readonly options: readonly Option[];
  /** Shown below the help: two or three command lines that work. */
  readonly examples: readonly string[];
  /** Its cases, those that others depend on first. */
  readonly cases: readonly Case<Subject>[];
  /** Id of the case that shows that an attachment works at all. */
  readonly smoke: string;
  /** How many cases may run at once; 1 by default. */
  readonly concurrency?: number;
  /** Commands besides the one that runs the cases, as `init` of servers. */
  moreCommands?(output: Output): readonly Command[];
  /** Attaches the subject that the command line names; rejects with an `AttachmentError`. */
  attach(line: AttachLine): Promise<Attachment<Subject>>;
}

/** What the command line says about the subject. */
export interface AttachLine {
  /** The argument, if it was given. */
  readonly argument: string | undefined;
  /** The area's own options, by their camel-case names. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The command behind `--`, word by word; empty if there is none. */
  readonly command: readonly string[];
  /** Stops the run. */
  readonly signal: AbortSignal;
}
