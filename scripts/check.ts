// Every gate that is not a test. Each prints one line; a red one prints its output too.
import { createHash } from "node:crypto";
import { turbo } from "./build.ts";
import { run } from "./run-command.ts";
import { jsrEntries } from "./workspaces.ts";

type Gate = [name: string, command: string, ...args: string[]];

const gates: Gate[] = [
  ["types", "turbo", "run", "typecheck", "--continue", "--output-logs=errors-only"],
  ["types of scripts", "tsc", "-p", "scripts"],
  ["lint and format", "biome", "check", "--error-on-warnings"],
  ["import boundaries", "turbo", "boundaries"],
  ["import boundaries, planted violations", "node", "scripts/check-boundaries.ts"],
  ["umbrella is generated", "node", "scripts/sync-umbrella.ts", "--check"],
  ["deno.json is generated", "node", "scripts/sync-deno.ts", "--check"],
  ["deno check", "deno", "check", "--quiet", ...jsrEntries()],
  ["deno lint", "deno", "lint", "--quiet"],
  ["deno publish, dry run", "deno", "publish", "--dry-run", "--allow-dirty", "--quiet"],
  ["deno doc", "deno", "doc", "--quiet", "--lint", ...jsrEntries()],
  ["unused code and dependencies", "knip"],
  ["package contents", "node", "scripts/check-packages.ts"],
  ["publint and attw", "turbo", "run", "publint", "attw", "--continue", "--output-logs=errors-only"],
  ["sizes", "node", "scripts/sync-sizes.ts", "--check"],
  ["examples in documents", "node", "scripts/check-examples.ts"],
  ["documents are generated", "node", "scripts/sync-docs.ts", "--check"],
  ["figures of benchmarks are generated", "node", "scripts/sync-benchmarks.ts", "--check"],
  ["parser-cases.json is generated", "node", "scripts/sync-parser-cases.ts", "--check"],
  ["mutants and cases are in the matrix", "node", "conformance/mutants/check-matrix.ts"],
  ["rules have their tests", "node", "scripts/sync-rules.ts", "--check"],
  ["changesets", "node", "scripts/check-changesets.ts"],
  ["cost beside its floors", "node", "--conditions=@ssekit/source", "benchmarks/compare/guard/run.ts"],
  ["lock files", "node", "scripts/check-lock.ts"],
];

const before = await treeState();
const results = [report("build", await turbo("run", "build"))];
const queue = gates.values();
await Promise.all([worker(), worker()]);
results.push(
  report("clean tree", (await treeState()) === before, "The check itself changed tracked files: see git status"),
);

const red = results.filter((ok) => !ok).length;
console.log(red === 0 ? `\nAll ${results.length} gates are green` : `\n${red} of ${results.length} gates are red`);
process.exitCode = red === 0 ? 0 : 1;

async function worker(): Promise<void> {
  for (const [name, command, ...args] of queue) {
    const { ok, output, seconds } = await run(command, args);
    results.push(report(`${name} (${seconds.toFixed(1)} s)`, ok, output));
  }
}

function report(name: string, ok: boolean, output = ""): boolean {
  console.log(`${ok ? "ok  " : "RED "} ${name}`);
  if (!ok) console.log(`${output.trimEnd()}\n`);
  return ok;
}

/** What differs from the last commit, so that a developer's own changes are no fault. */
async function treeState(): Promise<string> {
  const [status, diff] = await Promise.all([run("git", ["status", "--porcelain"]), run("git", ["diff", "HEAD"])]);
  return createHash("sha256").update(status.output).update(diff.output).digest("hex");
}
