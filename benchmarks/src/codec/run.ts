// Runs the codec's benches on Node, Deno and Bun, one after the other, and prints one table of ratios beside the goals.
// `node --conditions=@ssekit/source benchmarks/src/codec/run.ts [--json] [bench ...]`; Deno and Bun are found on PATH.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import type { Row } from "./measure.ts";

const benches = ["parse", "iterate", "linear", "stringify"];
const runtimes: readonly (readonly [name: string, binary: string, ...args: string[]])[] = [
  ["Node", process.execPath],
  ["Deno", "deno", "run", "--allow-all"],
  ["Bun", "bun"],
];

const { values, positionals } = parseArgs({ options: { json: { type: "boolean" } }, allowPositionals: true });
const measured: (Row & { readonly on: string })[] = [];
for (const bench of positionals.length > 0 ? positionals : benches) {
  for (const [on, binary, ...args] of runtimes) {
    console.error(`${bench} on ${on}`);
    for (const row of await rowsOf(bench, binary, args)) measured.push({ ...row, on });
  }
}
if (values.json === true) console.log(JSON.stringify(measured));
else printTable();

async function rowsOf(bench: string, binary: string, args: readonly string[]): Promise<Row[]> {
  const file = fileURLToPath(new URL(`./${bench}.bench.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(binary, [...args, "--conditions=@ssekit/source", file, "--json"]);
  return JSON.parse(stdout) as Row[];
}

function printTable(): void {
  const names = runtimes.map(([name]) => name);
  console.log(["times as fast as".padEnd(72), ...names.map((name) => name.padStart(8)), "goal".padStart(6)].join(""));
  const labels = new Set(measured.map(labelOf));
  for (const label of labels) {
    const rows = names.map((name) => measured.find((row) => row.on === name && labelOf(row) === label));
    const goal = rows[0]?.goal;
    const cells = rows.map((row) => {
      if (row === undefined) return "-".padStart(8);
      const missed = goal !== undefined && row.ratio < goal ? "!" : "";
      return `${missed}${row.ratio.toFixed(2)}`.padStart(8);
    });
    console.log([label.slice(0, 71).padEnd(72), ...cells, (goal?.toFixed(2) ?? "").padStart(6)].join(""));
  }
}

function labelOf({ name, title, against }: Row): string {
  return `${name} ${title}, ${against}`;
}
