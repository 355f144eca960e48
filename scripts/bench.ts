// Runs the codec's benchmarks, which go to Node, Deno and Bun themselves: `npm run bench -- <their arguments>`.
import { build } from "./build.ts";
import { run } from "./run-command.ts";

if (!(await build("@ssekit/benchmarks"))) process.exit(1);
const program = "benchmarks/src/codec/run.ts";
const { ok } = await run(process.execPath, [program, ...process.argv.slice(2)], { live: true });
process.exitCode = ok ? 0 : 1;
