import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Bundles a module from the sources, as one script for a browser's page. Needs `bun` on the PATH, as `npm run` has it. */
export async function bundlePage(file: string): Promise<string> {
  const args = ["build", file, "--target=browser", "--format=esm", "--conditions=@ssekit/source"];
  const { stdout } = await promisify(execFile)("bun", args, { maxBuffer: 2 ** 26 });
  return stdout;
}
