import { spawn } from "node:child_process";
import { root } from "./ensure-install.mjs";

/** How a command ended. */
export interface CommandResult {
  ok: boolean;
  /** Standard output and standard error, as they came. */
  output: string;
  seconds: number;
}

/** Where and how a command runs. */
export interface CommandOptions {
  /** The repository's root by default. */
  cwd?: string;
  /** Added to this process's own. */
  env?: NodeJS.ProcessEnv;
  /** Print as it comes, besides keeping it. */
  live?: boolean;
}

/** Runs a command and keeps what it prints; never rejects. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const started = performance.now();
  return new Promise((resolve) => {
    let output = "";
    const keep = (text: string): void => {
      output += text;
      if (options.live) process.stdout.write(text);
    };
    const finish = (ok: boolean): void => resolve({ ok, output, seconds: (performance.now() - started) / 1000 });
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, NO_COLOR: "1", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => {
      keep(`Cannot run ${command}: ${error.message}\n`);
      finish(false);
    });
    child.on("close", (code) => finish(code === 0));
  });
}
