// What publint and attw do not see: that the sources are shipped, the licence too, and that names and versions agree.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { type Manifest, publishedPackages, type Workspace } from "./workspaces.ts";

const packages = publishedPackages();
const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]));
const licence = readFileSync(join(root, "LICENSE"), "utf8");
const packed = packFiles();

for (const { folder, manifest } of packages) {
  for (const fault of [...manifestFaults(manifest), ...versionFaults(manifest), ...fileFaults({ folder, manifest })]) {
    console.log(`${folder}: ${fault}`);
    process.exitCode = 1;
  }
}

function manifestFaults({ license, type, engines, exports = {} }: Manifest): string[] {
  const faults: string[] = [];
  if (license !== "MIT") faults.push(`license is ${license}: write MIT`);
  if (type !== "module") faults.push('type is not "module"');
  if (engines?.node !== ">=22.13") faults.push(`engines.node is ${engines?.node}: write >=22.13`);
  for (const [path, conditions] of Object.entries(exports)) {
    const order = Object.keys(conditions).join(", ");
    if (order !== "@ssekit/source, types, default")
      faults.push(`exports["${path}"] has ${order}: write @ssekit/source, types, default`);
  }
  return faults;
}

function versionFaults({ name, version, dependencies = {}, peerDependencies = {} }: Manifest): string[] {
  const faults: string[] = [];
  const fixed = versions.get("ssekit");
  if (!["@ssekit/conformance", "@ssekit/benchmarks"].includes(name) && version !== fixed) {
    faults.push(`version is ${version}: the libraries share ${fixed}`);
  }
  for (const [sibling, range] of Object.entries(dependencies)) {
    const wanted = versions.get(sibling);
    if (wanted !== undefined && range !== `^${wanted}`) faults.push(`${sibling} is ${range}: write ^${wanted}`);
  }
  for (const peer of Object.keys(peerDependencies)) {
    if (versions.has(peer)) faults.push(`${peer} is a peer: siblings are dependencies`);
  }
  return faults;
}

function fileFaults({ folder, manifest: { name, exports = {}, bin = {} } }: Workspace): string[] {
  const shipped = packed.get(name) ?? new Set();
  const wanted = [
    "LICENSE",
    "README.md",
    ...Object.values(exports).flatMap((entry) => Object.values(entry)),
    ...Object.values(bin),
  ];
  const faults = wanted.map((path) => path.replace("./", "")).filter((path) => !shipped.has(path));
  const tests = [...shipped].filter((path) => /\.test\.|\.tsbuildinfo$/.test(path));
  const own = join(root, folder, "LICENSE");
  return [
    ...faults.map((path) => `the package lacks ${path}`),
    ...tests.map((path) => `the package ships ${path}`),
    ...(existsSync(own) && readFileSync(own, "utf8") !== licence ? ["LICENSE differs from the root's"] : []),
  ];
}

/** The files that npm would pack, by package name. */
function packFiles(): Map<string, Set<string>> {
  const workspaces = packages.map(({ folder }) => `--workspace=${folder}`);
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--loglevel=error", ...workspaces], {
    cwd: root,
    encoding: "utf8",
  });
  const parsed = JSON.parse(output) as
    | { name: string; files: { path: string }[] }[]
    | Record<string, { name: string; files: { path: string }[] }>;
  return new Map(Object.values(parsed).map(({ name, files }) => [name, new Set(files.map(({ path }) => path))]));
}
