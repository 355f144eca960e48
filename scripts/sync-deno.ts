// Writes each package's deno.json from its package.json, which is the truth for name, version and exports, and the list
// of members in the root's. `--check` only compares.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { writeGenerated } from "./generated-files.ts";
import { isLibrary, publishedPackages, umbrella, type Workspace } from "./workspaces.ts";

const members = publishedPackages().filter(({ folder }) => folder !== umbrella);
const files = new Map(members.map((member) => [`${member.folder}/deno.json`, toJson(denoConfig(member))]));

const rootConfig = JSON.parse(readFileSync(join(root, "deno.json"), "utf8")) as Record<string, unknown>;
files.set("deno.json", toJson({ ...rootConfig, workspace: members.map(({ folder }) => `./${folder}`) }));
writeGenerated(files);

function denoConfig(member: Workspace): object {
  const { name, version, license, exports = {}, dependencies, peerDependencies } = member.manifest;
  const thirdParty = Object.entries({ ...peerDependencies, ...dependencies }).filter(
    ([id]) => !id.startsWith("@ssekit/"),
  );
  // A specifier takes no alternatives: the newest, which stands last.
  const imports = Object.fromEntries(
    thirdParty.map(([id, range]) => [id, `npm:${id}@${range.replace(/.*\|\| /, "")}`]),
  );
  return {
    name,
    version,
    license,
    exports: Object.fromEntries(Object.entries(exports).map(([path, entry]) => [path, entry["@ssekit/source"]])),
    ...(thirdParty.length > 0 && { imports }),
    publish: isLibrary(member) && {
      include: ["src", "README.md", "LICENSE", "deno.json"],
      exclude: ["src/**/*.test.ts"],
    },
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
