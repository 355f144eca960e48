// Writes into docs/rules.md which tests show each rule, as their names say. Fails where a rule has no test, a test
// names a rule that there is none of, or a test that counts is skipped somewhere. `--check` only compares.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./ensure-install.mjs";
import { writeGenerated } from "./generated-files.ts";
import { everywhere, otherRuntimes, ownNode } from "./runtimes.ts";

const document = "docs/rules.md";
const folders = ["packages/client", "packages/codec"];
for (const folder of folders) {
  const name = folder.replace("packages", "@ssekit");
  if (!everywhere.includes(name)) complain(`${name} has no tests on every runtime, as ${document} says`);
}

/** What shows each rule: by file, the names of the tests. */
const proofs = new Map<string, Map<string, string[]>>();
for (const path of folders.flatMap((folder) => globSync(`${folder}/src/**/*.test.ts`, { cwd: root })).sort()) {
  if (path.endsWith(".long.test.ts")) continue;
  const source = readFileSync(join(root, path), "utf8");
  if (/\b(?:it|describe|test)\.(?:skip|todo|runIf)/.test(source)) complain(`${path} skips a test: rules need them all`);
  for (const [, , name = ""] of source.matchAll(/(["`])([^"`\n]*RULES A\d[^"`\n]*)\1/g)) {
    for (const [rule] of name.matchAll(/\bA\d+/g)) {
      const byFile = proofs.get(rule) ?? new Map<string, string[]>();
      proofs.set(rule, byFile.set(path, [...(byFile.get(path) ?? []), name]));
    }
  }
}

const rows = /^\| (A\d+) \| ([^|]*) \|([^|]*)\|$/gm;
const text = readFileSync(join(root, document), "utf8");
const known = new Set([...text.matchAll(rows)].map(([, rule]) => rule));
for (const rule of proofs.keys())
  if (!known.has(rule)) complain(`A test names the rule ${rule}, which ${document} lacks`);
const runtimes = [ownNode, ...otherRuntimes].map(({ name }) => name).sort();
writeGenerated(
  new Map([
    [
      document,
      text
        .replace(/(<!-- runtimes -->).*(<!-- \/runtimes -->)/, `$1${runtimes.join(", ")}$2`)
        .replace(rows, (_row, rule: string, says: string, shown: string) => {
          const byFile = proofs.get(rule);
          // What is no library's part says so in this column.
          if (byFile === undefined && !/^ [a-z]/.test(shown)) complain(`${rule} has no test: name it in one`);
          return `| ${rule} | ${says} | ${byFile === undefined ? shown.trim() : [...byFile].map(link).join(" ")} |`;
        }),
    ],
  ]),
);

/** How many tests of a file show a rule, and the first one's name, for readers to search. */
function link([path, names]: [string, string[]]): string {
  const title = (names[0] ?? "")
    .replace(/\(RULES [^)]*\)|RULES A\d+(, A\d+)*:?/, "")
    .replace(/"/g, "'")
    .trim();
  return `[${basename(path, ".test.ts")}](../${path} "${title}")${names.length > 1 ? ` ${names.length}` : ""}`;
}

function complain(fault: string): void {
  console.log(fault);
  process.exitCode = 1;
}
