// Runs every test: all packages on the repository's Node, those on web standards alone on every runtime, and a plain
// program on each. `npm test -- <vitest's arguments>` narrows it: a file filter, `-t name`, `--project name`.
import { join } from "node:path";
import { build } from "./build.ts";
import { root } from "./ensure-install.mjs";
import { runSmoke } from "./run-smoke.ts";
import { runVitest } from "./run-vitest.ts";
import { everywhere, otherRuntimes, ownNode, type Runtime } from "./runtimes.ts";
import { type Counts, countsLine, sumCounts } from "./test-counts.ts";

/** The packages whose tests run on every Node. */
const onNode = ["@ssekit/node"];

const { asked, args } = splitProjects(process.argv.slice(2));
const narrowed = asked.length + args.length > 0;
const hostNode: Runtime = { name: "Machine's Node", binary: process.env.npm_node_execpath, args: [], pool: "forks" };

// Programs that tests start from their sources begin in half the time.
process.env.NODE_COMPILE_CACHE ??= join(root, ".test-results", "compile-cache");
if (!(await build())) {
  console.log(`\n${countsLine({ passed: 0, failed: 1, skipped: 0 })}`);
  process.exit(1);
}
// The repository's own Node has most of the tests, and most of the waits: it runs two files at a time, by itself.
const ownJob = { projects: asked, args, live: true, alone: true, long: Boolean(process.env.LONG_TESTS) };
const own = await report(ownNode.name, runVitest(ownNode, ownJob));
const total = sumCounts([own, ...(await twoAtATime(planOthers()))]);
if (total.passed + total.failed === 0) {
  console.log("Cannot find a test of that name: see `npm test -- <part of a file's path>` in CONTRIBUTING.md");
  total.failed = 1;
}
console.log(`\n${countsLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** What the other runtimes run; of what `npm run test:long` adds one runtime is enough. */
function planOthers(): (() => Promise<Counts>)[] {
  const jobs: (() => Promise<Counts>)[] = [];
  for (const runtime of otherRuntimes) {
    const all = runtime.name.startsWith("Node") ? [...everywhere, ...onNode] : everywhere;
    const projects = asked.length > 0 ? all.filter((name) => asked.includes(name)) : all;
    if (runtime.binary === undefined) jobs.push(() => report(runtime.name, missing()));
    else if (projects.length > 0) {
      jobs.push(() => report(runtime.name, runVitest(runtime, { projects, args, live: false })));
    }
  }
  if (narrowed) return jobs;
  const plain = [ownNode, hostNode, ...otherRuntimes].filter(({ binary }) => binary !== undefined);
  return [...jobs, ...plain.map((runtime) => () => report(`${runtime.name}, plain programs`, runSmoke(runtime)))];
}

/** Prints the line of one runner, which fails if it ran nothing though nothing was filtered. */
async function report(name: string, running: Promise<Counts>): Promise<Counts> {
  const started = performance.now();
  const counts = await running;
  if (!narrowed && counts.passed + counts.failed + counts.skipped === 0) counts.failed = 1;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name}: ${countsLine(counts)} (${seconds} s)`);
  return counts;
}

/** A runtime that npm has no binary for here counts as one skipped test, so that the summary shows it. */
async function missing(): Promise<Counts> {
  return { passed: 0, failed: 0, skipped: 1 };
}

async function twoAtATime(jobs: (() => Promise<Counts>)[]): Promise<Counts[]> {
  const results: Counts[] = [];
  const queue = jobs.values();
  const worker = async (): Promise<void> => {
    for (const job of queue) results.push(await job());
  };
  await Promise.all([worker(), worker()]);
  return results;
}

/** Takes `--project name` out of the arguments, since each runner has projects of its own. */
function splitProjects(all: readonly string[]): { asked: string[]; args: string[] } {
  const asked: string[] = [];
  const args: string[] = [];
  for (let i = 0; i < all.length; i++) {
    const arg = all[i] ?? "";
    if (arg === "--project") asked.push(all[++i] ?? "");
    else if (arg.startsWith("--project=")) asked.push(arg.slice("--project=".length));
    else args.push(arg);
  }
  return { asked, args };
}
