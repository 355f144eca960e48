// Runs the benchmarks: `npm run bench -- <arguments of the codec's>`, or `npm run bench -- fan-out <its arguments>`.
import { build } from "./build.ts";
import { run } from "./run-command.ts";

if (!(await build("@ssekit/benchmarks"))) process.exit(1);
const args = process.argv.slice(2);
const area = args[0] === "fan-out" ? (args.shift() as string) : "codec";
const { ok } = await run(process.execPath, ["--conditions=@ssekit/source", `benchmarks/src/${area}/run.ts`, ...args], {
  live: true,
});
process.exitCode = ok ? 0 : 1;
