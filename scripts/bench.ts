// Runs the codec's benchmark on Node, Deno and Bun, one after the other. Arguments go to each: `npm run bench -- --help`.
import { build } from "./build.ts";
import { run } from "./run-command.ts";
import { otherRuntimes, ownNode } from "./runtimes.ts";

if (!(await build("@ssekit/benchmarks"))) process.exit(1);
for (const { name, binary, args } of [ownNode, ...otherRuntimes].filter(({ name }) => /26|Deno|Bun/.test(name))) {
  if (binary === undefined) {
    console.log(`${name}: skipped, npm has no binary for this platform`);
    continue;
  }
  const { ok } = await run(binary, [...args, "benchmarks/src/codec/run.ts", ...process.argv.slice(2)], { live: true });
  if (!ok) process.exitCode = 1;
}
