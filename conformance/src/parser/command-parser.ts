import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { type Attachment, AttachmentError } from "../attachment.ts";
import { CaseFailure, UnsupportedError } from "../case.ts";
import { counted } from "../counted.ts";
import { inTime, START_DEADLINE } from "../in-time.ts";
import { killGroup, ownGroup } from "../process-group.ts";
import type { ParserStep, ParserSubject } from "./parser-subject.ts";

/** The version of the protocol that is spoken: README.md describes it. */
const PROTOCOL = 1;
/** How much of what the program writes to its standard error is kept for messages, in characters. */
const MAX_STDERR = 2000;

/** Attaches a parser in any language: a program that reads and writes JSON lines. */
export async function attachParserCommand(command: readonly string[]): Promise<Attachment<ParserSubject>> {
  const name = command.join(" ");
  let program: JsonLineProgram | undefined;
  const running = async (): Promise<JsonLineProgram> => {
    if (program?.ended === false) return program;
    const starting = new JsonLineProgram(command);
    program = starting;
    const hello = await inTime(() => starting.ask({ cmd: "start", version: PROTOCOL }), START_DEADLINE).catch(
      (error: Error) => {
        starting.stop();
        throw new AttachmentError(
          `Cannot attach the parser ${name}: it gave no answer to "start": ${error.message}; the README has the protocol`,
        );
      },
    );
    if (hello.version !== PROTOCOL) {
      starting.stop();
      throw new AttachmentError(
        `Cannot attach the parser ${name}: it answered "start" with version ${JSON.stringify(hello.version)}; this suite speaks ${PROTOCOL}`,
      );
    }
    starting.hello = hello;
    return starting;
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
    this.#child = spawn(file, args, { stdio: "pipe", ...ownGroup });
    this.#child.on("error", (error: NodeJS.ErrnoException) => {
      this.#end(error.code === "ENOENT" ? `there is no program ${file}` : error.message);
    });
    // "close", not "exit": what it wrote last has arrived by then.
    this.#child.on("close", (code, signal) => this.#end(`it ended with ${signal ?? `exit code ${code}`}`));
    const abandon = (): void => killGroup(this.#child, "SIGKILL");
    process.once("exit", abandon);
    this.#child.once("close", () => process.off("exit", abandon));
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
    if (this.busy) killGroup(this.#child, "SIGKILL");
  }

  /** Not by node:readline, which ends lines at U+2028 too, and JSON may hold that. */
  #read(text: string): void {
    const lines = text.split("\n");
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#answer(line);
  }

  #answer(line: string): void {
    const answer = objectOf(line);
    if (answer === undefined) {
      this.#end(`it wrote a line that is no JSON object: ${line.slice(0, 200)}`);
      killGroup(this.#child);
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

function objectOf(line: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** The steps that an answer to `run` tells. */
function stepsOf({ steps, skipped, errored }: Answer, chunks: number): ParserStep[] {
  if (typeof skipped === "string") throw new UnsupportedError(skipped);
  if (typeof errored === "string") {
    throw new CaseFailure("The parser failed", { expected: "a parser that takes any bytes", actual: errored });
  }
  if (!Array.isArray(steps) || steps.length !== chunks + 1) {
    const got = Array.isArray(steps) ? counted(steps.length, "step") : `"steps": ${JSON.stringify(steps)}`;
    throw new AttachmentError(
      `Cannot read the answer to "run": it has ${got}; ${chunks + 1} are due, one for each chunk and one for the end`,
    );
  }
  return (steps as readonly ({ events?: unknown; reconnectionTime?: unknown } | null)[]).map((step) => {
    if (!Array.isArray(step?.events)) {
      throw new AttachmentError(`Cannot read the answer to "run": a step is ${JSON.stringify(step)}; give it "events"`);
    }
    return {
      events: step.events.map(eventOf),
      ...(typeof step.reconnectionTime === "number" && { reconnectionTime: step.reconnectionTime }),
    };
  });
}

function eventOf(event: Answer | null): ParserStep["events"][number] {
  const { type, data, lastEventId } = event ?? {};
  return { type: textOr(type, "message"), data: textOr(data, String(data)), lastEventId: textOr(lastEventId, "") };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
