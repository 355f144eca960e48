import { fileURLToPath } from "node:url";

/** A runtime that a program of a comparison runs on. */
export type RuntimeName = "Node" | "Deno" | "Bun";

/** Deno and Bun are found on PATH, as `npm run` sets it. */
const commands: Readonly<Record<RuntimeName, readonly string[]>> = {
  Node: [process.execPath, "--expose-gc", "--no-warnings"],
  Deno: ["deno", "run", "--allow-all", "--quiet", "--v8-flags=--expose-gc"],
  Bun: ["bun"],
};

/** The runtimes, in the order of tables. */
export const runtimeNames: readonly RuntimeName[] = ["Node", "Deno", "Bun"];

/** The command that runs a program from source, with nothing built. */
export function commandOf(runtime: RuntimeName, program: URL, ...args: readonly string[]): string[] {
  return [...commands[runtime], "--conditions=@ssekit/source", fileURLToPath(program), ...args];
}
