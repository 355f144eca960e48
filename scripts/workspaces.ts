import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./ensure-install.mjs";

/** One entry of `exports`. */
export interface ExportConditions {
  "@ssekit/source": string;
  types: string;
  default: string;
}

/** The part of a package.json that the scripts read. */
export interface Manifest {
  name: string;
  version: string;
  license: string;
  private?: boolean;
  engines?: { node?: string };
  type?: string;
  files?: string[];
  sideEffects?: false | string[];
  bin?: Record<string, string>;
  exports?: Record<string, ExportConditions>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** A package of the workspace. */
export interface Workspace {
  /** Relative to the root, as `packages/codec`. */
  folder: string;
  manifest: Manifest;
}

/** The generated package that apps install. */
export const umbrella = "packages/ssekit";

const programs = ["packages/hub-server", "conformance", "benchmarks"];

/** Every package that npm publishes, by folder. */
export function publishedPackages(): Workspace[] {
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { workspaces: string[] };
  return globSync(workspaces, { cwd: root })
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => !manifest.private)
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The packages that the umbrella re-exports and JSR publishes: not those that are programs. */
export function libraries(): Workspace[] {
  return publishedPackages().filter(isLibrary);
}

/** Whether a package is neither a program nor the umbrella. */
export function isLibrary({ folder }: Workspace): boolean {
  return folder !== umbrella && !programs.includes(folder);
}

/** The source of each entry that JSR publishes. */
export function jsrEntries(): string[] {
  return libraries().flatMap(({ folder, manifest: { exports = {} } }) =>
    Object.values(exports).map((entry) => join(folder, entry["@ssekit/source"])),
  );
}

/** `codec` for `packages/codec`. */
export function shortName({ folder }: Workspace): string {
  return basename(folder);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}
