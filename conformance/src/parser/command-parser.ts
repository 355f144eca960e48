import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { type Attachment, AttachmentError } from "../attachment.ts";
import { CaseFailure, UnsupportedError } from "../case.ts";
import { beforeAbort } from "../run-case.ts";
import type { ParserStep, ParserSubject } from "./parser-subject.ts";

/** The version of the protocol that is spoken: README.md describes it. */
const PROTOCOL = 1;
/** Limit of the first answer, in milliseconds: a virtual machine may have to start. */
const START_DEADLINE = 30_000;
/** How much of what the program writes to its standard error is kept for messages, in characters. */
const MAX_STDERR = 2000;

/** Attaches a parser in any language: a program that reads and writes JSON lines. */
export async function attachParserCommand(command: readonly string[]): Promise<Attachment<ParserSubject>> {
  const name = command.join(" ");
  let program: JsonLineProgram | undefined;
  const running = async (): Promise<JsonLineProgram> => {
    if (program?.ended === false) return program;
    program = new JsonLineProgram(command);
    const started = program.ask({ cmd: "start", version: PROTOCOL });
    const hello = await beforeAbort(started, AbortSignal.timeout(START_DEADLINE)).catch((error: Error) => {
      program?.stop();
      throw new AttachmentError(`Cannot attach the parser ${name}: it gave no answer to "start": ${error.message}`);
    });
    if (hello.version !== PROTOCOL) {
      program.stop();
      throw new AttachmentError(
        `Cannot attach the parser ${name}: it answered "start" with version ${JSON.stringify(hello.version)}; this suite speaks ${PROTOCOL}`,
      );
    }
    program.hello = hello;
    return program;
  };
  const { hello } = await running();
  return {
    name: textOr(hello.name, name),
    version: typeof hello.parserVersion === "string" ? hello.parserVersion : undefined,
    capabilities: new Set(Array.isArray(hello.capabilities) ? hello.capabilities.map(String) : []),
    async refusesUnknownCase(unknown) {
      return (await (await running()).ask({ cmd: unknown })).unsupported === true;
    },
    async open({ signal }) {
      const current = await running();
      // A program that keeps a case waiting is of no use to the next one.
      signal.addEventListener("abort", () => current.busy && current.stop(), { once: true });
      return { parse: async (chunks) => stepsOf(await current.run(chunks), chunks.length) };
    },
    async close() {
      program?.stop();
    },
  };
}

type Answer = Readonly<Record<string, unknown>>;

class JsonLineProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  #seq = 0;
  #rest = "";
  #stderr = "";
  ended = false;
  hello: Answer = {};

  constructor([file = "", ...args]: readonly string[]) {
    this.#child = spawn(file, args, { stdio: "pipe" });
    this.#child.on("error", (error) => this.#end(error.message));
    this.#child.on("exit", (code, signal) => this.#end(`it ended with ${signal ?? `exit code ${code}`}`));
    this.#child.stdin.on("error", () => {});
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR);
    });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text));
  }

  get busy(): boolean {
    return this.#pending.size > 0;
  }

  ask(message: object): Promise<Answer> {
    if (this.ended) return Promise.reject(new Error("it has ended"));
    const seq = this.#seq++;
    return new Promise((resolve, reject) => {
      this.#pending.set(seq, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ ...message, seq })}\n`);
    });
  }

  async run(chunks: readonly Uint8Array[]): Promise<Answer> {
    const base64 = chunks.map((chunk) => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("base64"));
    return await this.ask({ cmd: "run", chunks: base64 }).catch((error: Error) => {
      throw new CaseFailure("The program ended", { expected: "a parser that takes any bytes", actual: error.message });
    });
  }

  stop(): void {
    if (this.ended) return;
    this.#child.stdin.end(`${JSON.stringify({ cmd: "stop", seq: this.#seq++ })}\n`);
    if (this.busy) this.#child.kill("SIGKILL");
  }

  /** Not by node:readline, which ends lines at U+2028 too, and JSON may hold that. */
  #read(text: string): void {
    const lines = text.split("\n");
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#answer(line);
  }

  #answer(line: string): void {
    let answer: Answer & { seq?: unknown };
    try {
      answer = JSON.parse(line) as Answer;
    } catch {
      this.#end(`it wrote a line that is no JSON: ${line.slice(0, 200)}`);
      this.#child.kill();
      return;
    }
    const pending = this.#pending.get(answer.seq as number);
    this.#pending.delete(answer.seq as number);
    pending?.resolve(answer);
  }

  #end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    const error = new Error(this.#stderr === "" ? reason : `${reason}; it wrote: ${this.#stderr.trim()}`);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** The steps that an answer to `run` tells. */
function stepsOf({ steps, skipped, errored }: Answer, chunks: number): ParserStep[] {
  if (typeof skipped === "string") throw new UnsupportedError(skipped);
  if (typeof errored === "string") {
    throw new CaseFailure("The parser failed", { expected: "a parser that takes any bytes", actual: errored });
  }
  if (!Array.isArray(steps) || steps.length !== chunks + 1) {
    const got = Array.isArray(steps) ? `${steps.length} steps` : JSON.stringify(steps);
    throw new Error(`The program answered "run" with ${got}: ${chunks + 1} are due, one for each chunk and the end`);
  }
  return (steps as readonly { events?: unknown; reconnectionTime?: unknown }[]).map((step) => ({
    events: Array.isArray(step.events) ? step.events.map(eventOf) : [],
    ...(typeof step.reconnectionTime === "number" && { reconnectionTime: step.reconnectionTime }),
  }));
}

function eventOf({ type, data, lastEventId }: Answer): ParserStep["events"][number] {
  return { type: textOr(type, "message"), data: textOr(data, String(data)), lastEventId: textOr(lastEventId, "") };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
