import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** What stays behind when an example is copied: what its tools make, and our test of it. */
const left = new Set(["node_modules", "dist", "build", ".next", ".svelte-kit"]);

/**
 * An example that is no workspace: copied out of the repository and installed from its own lock file, with ssekit as npm
 * would publish it, from the built packages.
 */
export class StandaloneExample {
  /** Where the copy is. */
  readonly folder: string = mkdtempSync(join(tmpdir(), "ssekit-example-"));
  readonly #source: string;

  /** @param source the example's folder, which ends with a slash */
  constructor(source: URL) {
    this.#source = fileURLToPath(source);
  }

  /** Copies and installs it. */
  async install(): Promise<void> {
    const filter = (path: string): boolean => !left.has(basename(path)) && !path.endsWith(".test.ts");
    cpSync(this.#source, this.folder, { recursive: true, filter });
    const packs = mkdtempSync(join(tmpdir(), "ssekit-packs-"));
    try {
      const workspaces = readdirSync(join(root, "packages")).map((name) => `--workspace=packages/${name}`);
      await run(["npm", "pack", "--silent", `--pack-destination=${packs}`, ...workspaces], root);
      await this.run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
      const tarballs = readdirSync(packs).map((name) => join(packs, name));
      await this.run("npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs);
    } finally {
      rmSync(packs, { recursive: true });
    }
  }

  /** Runs a command in it, and gives what it printed; rejects with that when it fails. */
  run(...command: string[]): Promise<string> {
    return run(command, this.folder);
  }

  /** Removes the copy. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run([program = "", ...args]: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // The tests' own settings would make Jest and the builds behave as under vitest.
    const { VITEST: _, NODE_ENV: __, ...env } = process.env;
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`Cannot run ${program} ${args.join(" ")}: it ended with ${code}\n${output}`));
    });
  });
}
