import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./ensure-install.mjs";

/**
 * Writes generated files (path from the root to content; `undefined` removes one), or with `--check` on the command line
 * only says which are out of date, and ends with 1 if any is.
 */
export function writeGenerated(files: ReadonlyMap<string, string | undefined>): void {
  const check = process.argv.includes("--check");
  for (const [path, content] of files) {
    const file = join(root, path);
    if ((existsSync(file) ? readFileSync(file, "utf8") : undefined) === content) continue;
    console.log(check ? `${path} is out of date: run npm run sync` : `${path} is written`);
    if (check) process.exitCode = 1;
    else if (content === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
}
