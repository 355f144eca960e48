// Writes docs/sizes.md: the size of each entry as users bundle it, minified and gzipped. Fails over a bound; `--check`
// only compares the table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleSize } from "../benchmarks/compare/size/bundle-size.ts";
import { root } from "./ensure-install.mjs";
import { writeGenerated } from "./generated-files.ts";
import { bun } from "./runtimes.ts";
import { libraries } from "./workspaces.ts";

const boundsFile = "scripts/size-bounds.json";
const bounds = JSON.parse(readFileSync(join(root, boundsFile), "utf8")) as Record<string, number>;

// What is bundled, under the name that the table gives it: one parser and one client alone, then every entry whole. What only tests
// import may have any size.
// What is a peer, the app has in any case.
const peers = new Set(libraries().flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})));
const flags = ["--target=node", ...[...peers].map((peer) => `--external=${peer}`)];
const bundles = new Map([
  ["createParser of @ssekit/codec", 'export { createParser } from "@ssekit/codec";'],
  ["EventSourceClient of @ssekit/client", 'export { EventSourceClient } from "@ssekit/client";'],
]);
for (const { manifest } of libraries()) {
  for (const path of Object.keys(manifest.exports ?? {})) {
    if (path.endsWith("/testing")) continue;
    const name = manifest.name + path.slice(1);
    bundles.set(name, `export * from "${name}";`);
  }
}

const rows: string[] = [];
for (const [name, source] of bundles) {
  const bytes = await bundleSize(source, flags, bun).catch((error: Error) => complain(error.message));
  if (bytes === undefined) continue;
  // To a tenth: a byte more or less is no news.
  const size = Math.ceil(bytes / 102.4) / 10;
  const bound = bounds[name];
  rows.push(`| \`${name}\` | ${size.toFixed(1)} | ${bound?.toFixed(1) ?? ""} |`);
  if (bound === undefined) complain(`${name} has ${size.toFixed(1)} KB and no bound: give it one in ${boundsFile}`);
  else if (bytes > bound * 1024) complain(`${name} has ${bytes} bytes: its bound in ${boundsFile} is ${bound} KB`);
}
const intro =
  "Minified and gzipped, in KB of 1024 bytes, with everything that the entry stands on. Written by `npm run sync`.";
writeGenerated(
  new Map([
    ["docs/sizes.md", `# Sizes\n\n${intro}\n\n| entry | size | bound |\n| --- | --- | --- |\n${rows.join("\n")}\n`],
  ]),
);

function complain(fault: string): void {
  console.log(fault);
  process.exitCode = 1;
}
