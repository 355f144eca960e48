import { ChildProgram } from "../child-program.ts";
import { commandOf, type RuntimeName } from "../runtimes.ts";
import type { LoadTask, ServerTask, Usage } from "./messages.ts";

/** A server that is measured, in processes of its own. */
export interface RunningServer {
  readonly port: number;
  /** Fulfils when all is published, which says nothing of who has it. */
  load(task: LoadTask): Promise<unknown>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** How the comparisons start a server; the signal ends it. */
export type StartServer = (signal: AbortSignal) => Promise<RunningServer>;

/** Starts a program of `subjects`, which serves by `serveSubject`. */
export function subjectOn(runtime: RuntimeName, file: string, ...args: readonly string[]): StartServer {
  const command = commandOf(runtime, new URL(`./subjects/${file}.ts`, import.meta.url), ...args);
  return (signal) => startSubject(command, signal);
}

/** Starts a program that takes tasks as those of `subjects` do. */
export async function startSubject(command: readonly string[], signal: AbortSignal): Promise<RunningServer> {
  const { program, ready } = await ChildProgram.start<{ port: number }>(command, signal);
  const ask = <Answer>(task: ServerTask): Promise<Answer> => program.ask<Answer>(task);
  return {
    port: ready.port,
    load: (task) => ask(task),
    usage: () => ask<Usage>({ task: "usage" }),
    stop: () => program.stop(),
  };
}
