import { type Attachment, AttachmentError } from "./attachment.ts";
import {
  type Case,
  type CaseContext,
  CaseFailure,
  DEFAULT_CASE_DEADLINE,
  type Level,
  UnsupportedError,
  type Verdict,
} from "./case.ts";

/** What a case came to. */
export interface CaseResult {
  readonly id: string;
  readonly level: Level;
  readonly verdict: Verdict;
  /** Why, when it is no plain pass. */
  readonly message?: string;
  /** Of a failure: what the rule asks for here. */
  readonly expected?: string;
  /** Of a failure: what the subject did. */
  readonly actual?: string;
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** Of a failure or an error: what went over the wire. */
  readonly wire?: readonly WireEntry[];
}

/** One line of the wire log. */
export interface WireEntry {
  /** Milliseconds since the case began. */
  readonly at: number;
  readonly direction: "sent" | "received";
  /** Text as it is; bytes as hexadecimal digits. */
  readonly text?: string;
  readonly hex?: string;
}

/** The bytes that a wire log keeps of one case; what comes after is dropped. */
export const MAX_WIRE_BYTES: number = 256 * 1024;

/** What a run gives each of its cases. */
export interface RunContext {
  readonly seed: number;
  /** Stops the run. */
  readonly signal: AbortSignal;
}

/** Runs one case on a subject of its own, whatever it depends on, and never rejects. */
export async function runCase<Subject>(
  testCase: Case<Subject>,
  attachment: Attachment<Subject>,
  { seed, signal }: RunContext,
): Promise<CaseResult> {
  const { id, specification, needs = [], deadline = DEFAULT_CASE_DEADLINE } = testCase;
  const started = performance.now();
  const wire = new WireLog(started);
  const done = (verdict: Verdict, details: Partial<CaseResult> = {}): CaseResult => ({
    id,
    level: specification.level,
    verdict,
    ...details,
    milliseconds: Math.round(performance.now() - started),
    ...((verdict === "fail" || verdict === "error") && wire.entries.length > 0 && { wire: wire.entries }),
  });

  const lacking = needs.filter((need) => !attachment.capabilities.has(need));
  if (lacking.length > 0) {
    const { remedies = {} } = attachment;
    const named = lacking.map((name) => (name in remedies ? `${name} (${remedies[name]})` : name));
    return done("unsupported", { message: `The subject doesn't have: ${named.join(", ")}` });
  }

  const limit = new AbortController();
  const cleanUps: (() => void | Promise<void>)[] = [];
  let allowed = deadline;
  const late = (): void => limit.abort(new DOMException(`${id} took ${allowed} ms`, "TimeoutError"));
  const startTimer = (): NodeJS.Timeout => setTimeout(late, Math.max(0, started + allowed - performance.now()));
  let timer = startTimer();
  const context: CaseContext = {
    seed,
    signal: AbortSignal.any([signal, limit.signal]),
    wire: (direction, bytes) => wire.write(direction, bytes),
    defer: (cleanUp) => cleanUps.push(cleanUp),
    lengthen: (factor) => {
      allowed = deadline * Math.max(1, factor);
      clearTimeout(timer);
      timer = startTimer();
    },
  };
  let isOpen = false;
  try {
    const subject = await beforeAbort(attachment.open(context), context.signal);
    isOpen = true;
    const finding = await beforeAbort(testCase.run(subject, context), context.signal);
    return finding === undefined ? done("pass") : done(finding.verdict, { message: finding.message });
  } catch (error) {
    if (error instanceof CaseFailure) {
      return done("fail", { message: error.message, expected: error.expected, actual: error.actual });
    }
    if (error instanceof UnsupportedError) return done("unsupported", { message: error.message });
    if (signal.aborted) return done("error", { message: "The run was stopped before the case came to its end" });
    if (!limit.signal.aborted) return done("error", { message: textOf(error) });
    if (!isOpen) return done("error", { message: `The subject was not ready within ${allowed} ms` });
    return done("fail", {
      message: "The case came to no end",
      expected: `an end within ${allowed} ms`,
      actual: "the subject kept it waiting: the wire shows how far it came",
    });
  } finally {
    clearTimeout(timer);
    limit.abort();
    for (const cleanUp of cleanUps.reverse()) {
      try {
        await cleanUp();
      } catch (error) {
        // A verdict on the subject stands; that its attachment can't let go shows in what comes next.
        wire.write("sent", `clean-up failed: ${textOf(error)}`);
      }
    }
  }
}

/** What the promise gives, unless the signal aborts first; a late rejection is dropped. */
export function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function textOf(error: unknown): string {
  // It says what a user can do; where it was thrown says nothing more.
  if (error instanceof AttachmentError) return error.message;
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}

class WireLog {
  readonly entries: WireEntry[] = [];
  readonly #started: number;
  #left = MAX_WIRE_BYTES;

  constructor(started: number) {
    this.#started = started;
  }

  write(direction: "sent" | "received", bytes: Uint8Array | string): void {
    if (this.#left <= 0) return;
    const at = Math.round(performance.now() - this.#started);
    const kept = bytes.slice(0, this.#left);
    this.#left -= kept.length;
    if (typeof kept === "string") this.entries.push({ at, direction, text: kept });
    else this.entries.push({ at, direction, hex: hexOf(kept) });
  }
}

function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}
