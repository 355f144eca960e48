// Writes docs/defaults.md from the constants that the packages export, and the code blocks of README.md from the
// examples that the tests run. `--check` only compares.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./ensure-install.mjs";
import { writeGenerated } from "./generated-files.ts";
import { publishedPackages, umbrella } from "./workspaces.ts";

const rows: string[] = [];
for (const { folder, manifest } of publishedPackages()) {
  if (folder === umbrella) continue;
  const docs = docsOfConstants(folder);
  const exported = (await import(pathToFileURL(join(root, folder, "dist/mod.js")).href)) as Record<string, unknown>;
  for (const [name, value] of Object.entries(exported)) {
    const doc = docs.get(name);
    if (doc !== undefined) rows.push(`| \`${manifest.name}\` | \`${name}\` | ${shown(value)} | ${doc} |`);
  }
}

const readme = readFileSync(join(root, "README.md"), "utf8");
const example = /(<!-- from (\S+) -->\n)```ts\n[\s\S]*?```/g;

writeGenerated(
  new Map([
    [
      "docs/defaults.md",
      "# Defaults and limits\n\nEach is an exported constant; times in ms, sizes in bytes. Written by `npm run sync`.\n\n" +
        `| package | constant | value | |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`,
    ],
    [
      "README.md",
      readme.replace(example, (_block, marker: string, path: string) => {
        return `${marker}\`\`\`ts\n${readFileSync(join(root, path), "utf8")}\`\`\``;
      }),
    ],
  ]),
);

/** The doc comment of each constant in capitals, on one line. */
function docsOfConstants(folder: string): Map<string, string> {
  const docs = new Map<string, string>();
  for (const path of globSync("src/**/*.ts", { cwd: join(root, folder), exclude: ["**/*.test.ts"] })) {
    const source = readFileSync(join(root, folder, path), "utf8");
    for (const [, doc = "", name = ""] of source.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const ([A-Z][A-Z_]+)\b/g,
    )) {
      const text = doc.replace(/^\s*\* ?/gm, " ").replace(/\{@linkcode (\w+)\}/g, "`$1`");
      docs.set(name, text.replace(/\s+/g, " ").trim());
    }
  }
  return docs;
}

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, member]) => `\`${name}\` ${shown(member)}`)
      .join(", ");
  }
  return typeof value === "number" ? value.toLocaleString("en-US") : `\`${String(value)}\``;
}
