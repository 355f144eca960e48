// Each changeset names published packages and a kind of bump, and says something to the user.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { publishedPackages } from "./workspaces.ts";

const names = new Set(publishedPackages().map(({ manifest }) => manifest.name));

const files = globSync(".changeset/*.md", { cwd: root }).filter((file) => !file.endsWith("README.md"));
for (const file of files) {
  for (const fault of faults(readFileSync(join(root, file), "utf8"))) {
    console.log(`${file}: ${fault}`);
    process.exitCode = 1;
  }
}

function faults(text: string): string[] {
  const [, head, body] = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined)
    return ["it does not start with a list of packages between two lines ---"];
  const found: string[] = [];
  for (const line of head.split("\n").filter(Boolean)) {
    const [, name = "", bump] = /^"([^"]+)": (.*)$/.exec(line) ?? [];
    if (!names.has(name)) found.push(`${line} names no published package`);
    else if (!["patch", "minor", "major"].includes(bump ?? "")) found.push(`${line} is none of patch, minor, major`);
  }
  const [title = "", ...details] = body.trim().split("\n");
  if (!/^[A-Z][^:]*[^.:]$/.test(title))
    found.push(`its title is "${title}": write an imperative sentence without prefix and period`);
  if (details.length > 0 && details[0] !== "") found.push("a blank line must follow its title");
  return found;
}
