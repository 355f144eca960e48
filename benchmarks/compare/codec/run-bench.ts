import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { commandOf, type RuntimeName } from "../runtimes.ts";
import type { Ratios } from "./measure.ts";

/** Runs a `*.bench.ts` in a process of its own; the signal ends it. */
export async function runBench(bench: string, runtime: RuntimeName, signal: AbortSignal): Promise<readonly Ratios[]> {
  const [file = "", ...args] = commandOf(runtime, new URL(`./${bench}.bench.ts`, import.meta.url), "--json");
  const { stdout } = await promisify(execFile)(file, args, { signal, killSignal: "SIGKILL", maxBuffer: 2 ** 24 });
  return JSON.parse(stdout) as Ratios[];
}
