import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The version of a package that is installed; read as a file, for packages don't export their package.json. */
export function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => `${folder}/${name}/package.json`).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`Cannot tell the version of ${name}: it is not installed; npm install`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
