import { type ChildProcess, spawn } from "node:child_process";

/** How a program is started, and when it counts as started. */
export interface ProgramOptions {
  /** The line of its stdout or stderr that says it is ready. */
  readonly until: RegExp;
  /** Added to this process's environment. */
  readonly env?: Record<string, string>;
  /** Working directory; this process's by default. */
  readonly cwd?: string;
  /** What ends it when it doesn't come up, or the test run is cut short; `SIGKILL` by default. */
  readonly killSignal?: NodeJS.Signals;
}

/** A program that runs as a child process. */
export interface Program {
  /** What the `until` expression found. */
  readonly match: RegExpExecArray;
  /** Its process id. */
  readonly pid: number;
  /** All that it has printed so far, stdout and stderr. */
  output(): string;
  /** Its exit code once it has ended; `null` if a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Sends it a signal, `SIGTERM` by default, and gives `ended`. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const START_TIMEOUT = 60_000;

/**
 * Starts a program and waits, a minute at most, for the line that says it is ready. Rejects with all that it printed when
 * it ends before or doesn't come up.
 *
 * @param command the program and its arguments
 */
export async function startProgram(command: string[], options: ProgramOptions): Promise<Program> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { text: "" };
  // A test run that is cut short stops no program itself.
  const abandon = (): boolean => child.kill(options.killSignal ?? "SIGKILL");
  process.once("exit", abandon);
  child.once("close", () => process.off("exit", abandon));
  // "close", not "exit": what it printed last has arrived by then.
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const match = await untilPrinted(child, options, printed);
  return {
    match,
    pid: child.pid as number,
    output: () => printed.text,
    ended: closed,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return closed;
    },
  };
}

function untilPrinted(
  child: ChildProcess,
  { until, killSignal = "SIGKILL" }: ProgramOptions,
  printed: { text: string },
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      clearTimeout(timer);
      child.kill(killSignal);
      reject(
        new Error(`Cannot start ${child.spawnargs.join(" ")}: ${what}, having printed ${printed.text || "nothing"}`),
      );
    };
    const timer = setTimeout(() => fail(`no line matched ${until} within ${START_TIMEOUT} ms`), START_TIMEOUT);
    child.once("error", (error) => fail(error.message));
    child.once("close", (code, signal) => fail(`it ended with ${code ?? signal}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        printed.text += text;
        const match = until.exec(printed.text);
        if (match === null) return;
        clearTimeout(timer);
        resolve(match);
      });
    }
  });
}
