// Plain JavaScript for Node 20. `node scripts/run.mjs [--runtimes] program [arguments]` installs what is missing, then
// runs the program with the repository's own Node and binaries.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { bin, ensureInstall } from "./ensure-install.mjs";

const runtimes = process.argv[2] === "--runtimes";
ensureInstall({ runtimes });

const child = spawn(join(bin, "node"), process.argv.slice(runtimes ? 3 : 2), {
  stdio: "inherit",
  env: {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    DENO_NO_UPDATE_CHECK: "1",
    TURBO_TELEMETRY_DISABLED: "1",
  },
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));

/** @type {NodeJS.Signals[]} */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
for (const signal of signals) {
  // A terminal sends Ctrl-C to the child as well: once is enough.
  process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal)));
}
// `kill` on npm ends npm and its shell, which tells nobody: only a new parent shows it.
const parent = process.ppid;
setInterval(() => process.ppid === parent || child.kill("SIGTERM"), 200).unref();
