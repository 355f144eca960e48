/**
 * How binding a case is. `MUST`, `WPT` (only a file of web-platform-tests says so) and `INTEGRITY` (what a server
 * published arrives once, whole, in order, as one event) gate always; `SHOULD` and `PRACTICE` under `--strict`;
 * `INFO` records what a subject chose.
 */
export type Level = "MUST" | "WPT" | "INTEGRITY" | "SHOULD" | "PRACTICE" | "INFO";

/** Why a rule binds: a sentence of a text, or where no text has one, a reason. */
export type Specification = (Sentence | { readonly reason: string }) & {
  /** How binding it is. */
  readonly level: Level;
};

/** A sentence of a text, and where it stands. */
export interface Sentence {
  /**
   * A fragment of the standard's page on event streams, `iana#` or `fetch#` with one of those pages, `rfc9110-15.5.6`, or
   * `sse-contract-tests#` with one of its page on optional features.
   */
  readonly anchor: string;
  /** The sentence to the letter, without links. */
  readonly quote: string;
}

/** A sentence as its anchor and its words, or a reason in ours. */
export type Grounds = readonly [anchor: string, quote: string] | string;

/** Makes the specification of a case. */
export function specificationOf(level: Level, grounds: Grounds): Specification {
  return typeof grounds === "string" ? { level, reason: grounds } : { level, anchor: grounds[0], quote: grounds[1] };
}

/**
 * What a case found.
 *
 * - `pass`: the rule is kept; `nonstrict`: an outcome that the rule tolerates; `info`: a free choice, recorded.
 * - `fail`: the rule is broken.
 * - `unsupported`: the subject lacks what the case needs; `blocked`: a case that it depends on did not pass.
 * - `error`: the harness or the attachment failed; never excused.
 */
export type Verdict = "pass" | "nonstrict" | "info" | "fail" | "unsupported" | "blocked" | "error";

/** What a case says when it does not simply pass. */
export interface Finding {
  /** Every verdict that a case itself can reach. */
  readonly verdict: Extract<Verdict, "nonstrict" | "info" | "unsupported">;
  /** What was seen. */
  readonly message: string;
}

/** One rule, and the way to see whether a subject keeps it. */
export interface Case<Subject> {
  /** `area/rule/slug`, lower case; never renamed, never used again. */
  readonly id: string;
  /** The rule as one sentence in the present tense, without "should". */
  readonly rule: string;
  /** Where it stands. */
  readonly specification: Specification;
  /** How a subject that breaks it is usually repaired. */
  readonly repair: string;
  /** The version of the suite that brought it. */
  readonly since: string;
  /** The version that has it no more, of a retired case: it stays listed, and runs for `--as-of` an earlier one alone. */
  readonly until?: string;
  /** Files of web-platform-tests that ask the same. */
  readonly wpt?: readonly string[];
  /** Cases of launchdarkly/sse-contract-tests that ask the same, as their groups and names there. */
  readonly launchDarkly?: readonly string[];
  /** Cases that have to pass first, by id. */
  readonly dependsOn?: readonly string[];
  /** Capabilities that the subject has to have; else the verdict is `unsupported`. */
  readonly needs?: readonly string[];
  /** Whether it runs by itself, when the others have: it keeps the machine busy. */
  readonly alone?: boolean;
  /** Limit of the whole case, in milliseconds; {@linkcode DEFAULT_CASE_DEADLINE} by default. */
  readonly deadline?: number;
  /** Fulfils when the rule is kept, or with a finding; rejects with a `CaseFailure` when it is broken. */
  run(subject: Subject, context: CaseContext): Promise<Finding | undefined>;
}

/** Limit of a case that names none, in milliseconds. */
export const DEFAULT_CASE_DEADLINE = 10_000;

/** What a case, and the attachment that opens its subject, get besides. */
export interface CaseContext {
  /** Aborts at the deadline, or when the run is stopped. */
  readonly signal: AbortSignal;
  /** Seed of the run, for cases that draw. */
  readonly seed: number;
  /** Writes one line of the wire log, which a report shows with a failure. */
  wire(direction: "sent" | "received", bytes: Uint8Array | string): void;
  /** Runs this when the case has ended, however it did; the last one first. What it throws is an `error`. */
  defer(cleanUp: () => void | Promise<void>): void;
  /** Gives the case so many times its deadline, where what has to come is waited for longer than by default. */
  lengthen(factor: number): void;
}

/** A rule is broken: what was expected, and what came instead. */
export class CaseFailure extends Error {
  override readonly name = "CaseFailure";
  /** What the rule asks for here. */
  readonly expected: string;
  /** What the subject did. */
  readonly actual: string;

  constructor(message: string, seen: { readonly expected: string; readonly actual: string }) {
    super(message);
    this.expected = seen.expected;
    this.actual = seen.actual;
  }
}

/** The subject says, in the midst of a case, that it can't do what the case asks; the verdict is `unsupported`. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}
