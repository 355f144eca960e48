// Writes the figures of the documents from benchmarks/results, which `npm run bench -- --write` fills, and the charts.
// `--check` only compares.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { capacityOf } from "../benchmarks/compare/capacity.ts";
import { chartsOf } from "../benchmarks/compare/charts.ts";
import { markdownOf } from "../benchmarks/compare/format-result.ts";
import { readResults } from "../benchmarks/compare/result-files.ts";
import { root } from "./ensure-install.mjs";
import { writeGenerated } from "./generated-files.ts";

const folder = "benchmarks/results";
const documents = ["benchmarks/README.md", "docs/scale.md"];
/** What stands between such a pair of comments is written here. */
const block = /(<!-- figures: ([\w-]+) -->\n)[\s\S]*?(<!-- end of figures -->)/g;

const results = readResults();
const charts = [...results.values()].flatMap((result) =>
  chartsOf(result).map((chart) => ({ ...chart, of: result.name })),
);
const files = new Map<string, string | undefined>();
for (const old of globSync(`${folder}/*.svg`, { cwd: root })) files.set(old, undefined);
for (const { file, svg } of charts) files.set(`${folder}/${file}`, `${svg}\n`);
for (const document of documents) {
  const text = readFileSync(join(root, document), "utf8");
  files.set(
    document,
    text.replace(
      block,
      (_, start: string, name: string, end: string) => `${start}\n${figures(name, document)}\n\n${end}`,
    ),
  );
}
writeGenerated(files);

/** What a block of this name says in a document. */
function figures(name: string, document: string): string {
  if (name === "capacity") return capacityOf(results);
  const result = results.get(name);
  if (result === undefined) return `Not measured yet: \`npm run bench -- ${name} --write\`.`;
  const path = relative(dirname(document), folder);
  const images = charts.filter(({ of }) => of === name).map(({ file, title }) => `![${title}](${path}/${file})`);
  return [markdownOf(result), ...images].join("\n\n");
}
