import { mkdir, writeFile } from "node:fs/promises";
import type { Result } from "./comparison.ts";

const folder = new URL("../results/", import.meta.url);

/** Keeps a result in `benchmarks/results`. */
export async function writeResult(result: Result): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${result.name}.json`, folder), `${JSON.stringify(result)}\n`);
}
