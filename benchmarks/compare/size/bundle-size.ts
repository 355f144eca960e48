import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

const packages = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** Bundles a module by Bun, with further flags; fulfils with the bytes of it minified and gzipped, and rejects if that fails. */
export async function bundleSize(source: string, flags: readonly string[] = [], bun = "bun"): Promise<number> {
  const folder = await mkdtemp(join(packages, ".size-"));
  try {
    const [entry, out] = [join(folder, "entry.js"), join(folder, "out.js")];
    await writeFile(entry, source);
    await promisify(execFile)(bun, ["build", entry, "--minify", ...flags, `--outfile=${out}`]);
    return gzipSync(await readFile(out), { level: 9 }).length;
  } finally {
    await rm(folder, { recursive: true });
  }
}
