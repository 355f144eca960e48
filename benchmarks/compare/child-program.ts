import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * A program in a process of its own, on whichever runtime: it is given tasks and gives answers, one after the other, as
 * lines of JSON on its standard streams. Its first answer comes unasked, and says that it is ready.
 */
export class ChildProgram {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = [];
  #complaint = "";
  #failure: Error | undefined;

  private constructor([file = "", ...args]: readonly string[], signal: AbortSignal) {
    // SIGKILL: none has anything to tidy up, and one that hangs would not heed another signal.
    this.#child = spawn(file, args, { stdio: "pipe", signal, killSignal: "SIGKILL" });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => this.#take(line));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2000);
    });
    this.#child.stdin?.on("error", () => {});
    this.#child.once("error", (error) => this.#fail(error));
    this.#child.once("close", () =>
      this.#fail(new Error(`it has ended: ${this.#complaint.trim() || "without a word"}`)),
    );
  }

  /** Starts a program; fulfils with it and its first answer. The signal ends it, whatever it does. */
  static async start<Ready>(
    command: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly program: ChildProgram; readonly ready: Ready }> {
    const program = new ChildProgram(command, signal);
    return { program, ready: await program.#answer<Ready>() };
  }

  /** Rejects if the program has ended or answers an error. */
  ask<Answer>(task: object): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(task)}\n`);
    return this.#answer<Answer>();
  }

  /** Ends it; fulfils when it is gone. */
  async stop(): Promise<void> {
    if (this.#failure !== undefined) return;
    const gone = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGKILL");
    await gone;
  }

  #answer<Answer>(): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: (answer) => resolve(answer as Answer), reject });
    });
  }

  #take(line: string): void {
    const answer = JSON.parse(line) as { readonly error?: string };
    const waiting = this.#waiting.shift();
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(answer.error));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

/** The other side: says that this program is ready, then answers each task as it comes, one after the other. It ends with the one that asks. */
export function answerTasks(ready: object, perform: (task: never) => unknown): void {
  const answer = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
  const fail = (error: unknown): void => answer({ error: String(error) });
  let done: Promise<unknown> = Promise.resolve();
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      done = done
        .then(() => perform(JSON.parse(line) as never))
        .then((result) => answer((result as object | undefined) ?? {}))
        .catch(fail);
    })
    .on("close", () => process.exit());
  answer(ready);
}
