import { existsSync } from "node:fs";
import { join } from "node:path";
import { bin, root } from "./ensure-install.mjs";

/** A JavaScript runtime that runs the tests. */
export interface Runtime {
  name: string;
  /** Absent on a platform that npm has no binary for. */
  binary: string | undefined;
  /** What stands before the path of a program. */
  args: string[];
  /** The pool of vitest that works there: Deno lacks a part of worker threads, Bun a part of child processes. */
  pool: "forks" | "threads";
}

const platform = `${process.platform}-${process.arch}`;

/** Bun, whose own bin is made by an install script that the user may have forbidden. */
export const bun: string | undefined = firstFile(
  join(root, `node_modules/@oven/bun-${platform}/bin/bun`),
  join(bin, "bun"),
);

/** The repository's own Node, which runs this. */
export const ownNode: Runtime = { name: "Node 26", binary: process.execPath, args: [], pool: "forks" };

/** The runtimes beside the repository's own Node: all run the packages that stand on web standards alone. */
export const otherRuntimes: Runtime[] = [
  { name: "Node 22", binary: otherNode("node22"), args: [], pool: "forks" },
  { name: "Node 24", binary: otherNode("node24"), args: [], pool: "forks" },
  { name: "Deno", binary: firstFile(join(bin, "deno")), args: ["run", "-A", "--quiet"], pool: "forks" },
  { name: "Bun", binary: bun, args: ["--bun"], pool: "threads" },
];

/** The packages whose tests run on every runtime. */
export const everywhere: readonly string[] = [
  "@ssekit/codec",
  "@ssekit/server",
  "@ssekit/hub",
  "@ssekit/hub-sqlite",
  "@ssekit/hub-redis",
  "@ssekit/client",
  "@ssekit/conformance",
];
function otherNode(major: string): string | undefined {
  const modules = join(root, "tools/runtimes/node_modules");
  const names = [`${major}/bin/node`, `${major}-${platform}/bin/node`, `${major}-${platform}/bin/node.exe`];
  return firstFile(...names.map((name) => join(modules, name)));
}

function firstFile(...paths: string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}
