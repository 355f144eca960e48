// Writes into docs/rules.md which tests show each rule, as their names say. Fails where a rule has no test, a test
// names a rule that there is none of, or a test that counts is skipped somewhere. `--check` only compares.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./ensure-install.mjs";
import { writeGenerated } from "./generated-files.ts";
import { everywhere, otherRuntimes, ownNode } from "./runtimes.ts";

const document = "docs/rules.md";
/** Where the tests of each table are. */
const sources: Readonly<Record<string, readonly string[]>> = {
  A: tests("client", "codec"),
  B: [
    ...tests("codec", "server", "node", "bun", "deno", "hub", "hub-sqlite", "hub-redis", "hub-server"),
    "tools/testing/src/describe-adapter.ts",
  ],
};
const claimed = ["client", "codec", "server", "hub", "hub-sqlite", "hub-redis"];
for (const name of claimed.map((name) => `@ssekit/${name}`)) {
  if (!everywhere.includes(name)) complain(`${name} has no tests on every runtime, as ${document} says`);
}

/** What shows each rule: by file, the names of the tests. */
const proofs = new Map<string, Map<string, string[]>>();
for (const [table, paths] of Object.entries(sources)) {
  for (const path of paths) {
    const source = readFileSync(join(root, path), "utf8");
    for (const [, , name = ""] of source.matchAll(/(["`])([^"`\n]*RULES [^"`\n]*)\1/g)) {
      for (const rule of rulesOf(name).filter((rule) => rule.startsWith(table))) {
        if (/\b(?:it|describe|test)\.(?:skip|todo|runIf)/.test(source))
          complain(`${path} skips a test: rules need them all`);
        const byFile = proofs.get(rule) ?? new Map<string, string[]>();
        proofs.set(rule, byFile.set(path, [...(byFile.get(path) ?? []), name]));
      }
    }
  }
}

const rows = /^\| ([AB]\d+) \| ([^|]*) \|([^|]*)\|$/gm;
const text = readFileSync(join(root, document), "utf8");
const known = new Set([...text.matchAll(rows)].map(([, rule]) => rule));
for (const rule of proofs.keys()) {
  if (!known.has(rule)) complain(`A test names the rule ${rule}, which ${document} lacks`);
}
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

/** The test files of these packages, but for those of the long run. */
function tests(...names: string[]): string[] {
  const found = names.flatMap((name) => globSync(`packages/${name}/src/**/*.test.ts`, { cwd: root }));
  return found.filter((path) => !path.endsWith(".long.test.ts")).sort();
}

/** The rules that a test's name cites, but not what it cites of other lists. */
function rulesOf(name: string): string[] {
  return [...name.matchAll(/RULES ([AB]\d+(?:, [AB]\d+)*)/g)].flatMap(([, list = ""]) => list.split(", "));
}

/** How many tests of a file show a rule, and the first one's name, for readers to search. */
function link([path, names]: [string, string[]]): string {
  const title = (names[0] ?? "")
    .replace(/\((?:RULES|HUB) [^)]*\)|,? ?RULES [AB]\d+(, [AB]\d+)*:?/, "")
    .replace(/"/g, "'")
    .trim();
  return `[${basename(path, ".ts").replace(".test", "")}](../${path} "${title}")${names.length > 1 ? ` ${names.length}` : ""}`;
}

function complain(fault: string): void {
  console.log(fault);
  process.exitCode = 1;
}
