import { type ChildProcess, spawn } from "node:child_process";
import { watch } from "node:fs";

/** How long a change is waited for to be whole, in milliseconds: editors write a file in several steps. */
const SETTLE = 200;

/** Folders whose changes are no changes of the subject. */
const IGNORED = /(^|[/\\])(node_modules|\.git|coverage)([/\\]|$)/;

/**
 * Runs the same command line without `--watch`, at once and again after each change below the current folder, in a
 * process of its own each time, so that modules are read anew. Never fulfils; a signal ends it.
 */
export function watchAndRun(args: readonly string[]): Promise<never> {
  const once = args.filter((arg) => arg !== "--watch");
  const written = reportFiles(once);
  let running: ChildProcess | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    again = false;
    running = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", ...once], { stdio: "inherit" });
    running.on("exit", () => {
      running = undefined;
      if (again) run();
      else console.log("\nWatching for changes; ctrl-c ends it.");
    });
  };
  watch(".", { recursive: true }, (_event, file) => {
    if (file === null || IGNORED.test(file) || written.has(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      again = true;
      if (running === undefined) run();
      else running.kill();
    }, SETTLE);
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      running?.kill(signal);
      process.exit();
    });
  }
  run();
  return new Promise(() => {});
}

/** The files that a run writes itself. */
function reportFiles(args: readonly string[]): Set<string> {
  const names = ["--json", "--junit", "--html", "--markdown", "--badge", "--expected-failures"];
  return new Set(
    args.filter((_, index) => names.includes(args[index - 1] ?? "")).map((path) => path.replace(/^\.\//, "")),
  );
}
