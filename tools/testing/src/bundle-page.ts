import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Finds React 18 where a module asks for React. */
const react18 = `--tsconfig-override=${join(import.meta.dirname, "../react-18.json")}`;

/**
 * Bundles a module from the sources, as one script for a browser's page. Needs `bun` on the PATH, as `npm run` has it.
 *
 * @param options which React it stands on; the one that its package has by default.
 */
export async function bundlePage(file: string, { react }: { readonly react?: 18 | 19 } = {}): Promise<string> {
  const args = ["build", file, "--target=browser", "--format=esm", "--conditions=@ssekit/source"];
  if (react === 18) args.push(react18);
  const { stdout } = await promisify(execFile)("bun", args, { maxBuffer: 2 ** 26 });
  return stdout;
}
