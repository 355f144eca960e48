import type { Attachment } from "./attachment.ts";
import type { Case, CaseContext } from "./case.ts";
import { beforeAbort, type CaseResult, runCase } from "./run-case.ts";

/** How cases are run. */
export interface RunOptions {
  /** What cases that draw draw from; random by default. */
  readonly seed?: number;
  /** Stops the run; cases that have not begun are then left out of the report. */
  readonly signal?: AbortSignal;
  /**
   * Id of the case that shows that the attachment works at all. It runs first, and unless it passes nothing else does.
   */
  readonly smoke?: string;
  /** How many cases may run at once; 1 by default. */
  readonly concurrency?: number;
  /** Called as the run goes on, for progress. */
  onEvent?(event: RunEvent): void;
}

/** What happens in a run. */
export type RunEvent =
  | { readonly kind: "run-start"; readonly cases: number; readonly seed: number }
  | { readonly kind: "case-start"; readonly id: string }
  | { readonly kind: "case-end"; readonly result: CaseResult }
  | { readonly kind: "run-end"; readonly run: Run };

/** What a run came to. */
export interface Run {
  readonly seed: number;
  /** When it began, as ISO 8601. */
  readonly startedAt: string;
  readonly milliseconds: number;
  /** Why the attachment was refused: then its results say nothing about the subject. */
  readonly refused?: string;
  /** One for each case, in the order of the cases. */
  readonly results: readonly CaseResult[];
}

/**
 * Runs cases on a subject: first the smoke case and a name that nobody can know, then each case with a subject of its
 * own, after those that it depends on. Doesn't close the attachment.
 */
export async function runCases<Subject>(
  cases: readonly Case<Subject>[],
  attachment: Attachment<Subject>,
  options: RunOptions = {},
): Promise<Run> {
  const { seed = randomSeed(), signal = new AbortController().signal, smoke, concurrency = 1, onEvent } = options;
  const startedAt = new Date().toISOString();
  const started = performance.now();
  onEvent?.({ kind: "run-start", cases: cases.length, seed });

  const pending = new Map<string, Promise<CaseResult>>();
  const byId = new Map(cases.map((testCase) => [testCase.id, testCase]));
  let refused: string | undefined;

  const run = async (testCase: Case<Subject>): Promise<CaseResult> => {
    onEvent?.({ kind: "case-start", id: testCase.id });
    const result = (await blockedBy(testCase)) ?? (await runCase(testCase, attachment, { seed, signal }));
    onEvent?.({ kind: "case-end", result });
    return result;
  };
  // A case may be asked for by several others, and by its own turn.
  const once = (testCase: Case<Subject>): Promise<CaseResult> => {
    let result = pending.get(testCase.id);
    if (result === undefined) {
      result = run(testCase);
      pending.set(testCase.id, result);
    }
    return result;
  };
  const blockedBy = async (testCase: Case<Subject>): Promise<CaseResult | undefined> => {
    const without = (verdict: "blocked" | "unsupported", message: string): CaseResult => ({
      id: testCase.id,
      level: testCase.specification.level,
      verdict,
      message,
      milliseconds: 0,
    });
    if (refused !== undefined) return without("blocked", refused);
    for (const id of testCase.dependsOn ?? []) {
      const dependency = byId.get(id);
      if (dependency === undefined) continue;
      const { verdict, message = "" } = await once(dependency);
      // What a subject can't do, nothing that builds on it can.
      if (verdict === "unsupported") return without(verdict, message);
      if (verdict !== "pass" && verdict !== "nonstrict" && verdict !== "info") {
        return without("blocked", `${id}: ${verdict}`);
      }
    }
    return undefined;
  };

  refused = await refusesUnknownCase(attachment, seed, signal);
  const first = smoke === undefined ? undefined : byId.get(smoke);
  if (refused === undefined && first !== undefined && !signal.aborted) {
    const { verdict } = await once(first);
    if (verdict !== "pass" && !signal.aborted) {
      refused = `${first.id}, the simplest case, came to ${verdict}: nothing else was run`;
    }
  }
  const queue = cases.filter(({ alone }) => !alone).values();
  const worker = async (): Promise<void> => {
    for (const testCase of queue) {
      if (signal.aborted) return;
      await once(testCase);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, attachment.concurrency ?? concurrency) }, worker));
  for (const testCase of cases) if (testCase.alone && !signal.aborted) await once(testCase);

  const results = new Map<string, CaseResult>();
  for (const [id, result] of pending) results.set(id, await result);
  const report: Run = {
    seed,
    startedAt,
    milliseconds: Math.round(performance.now() - started),
    ...(refused !== undefined && { refused }),
    results: cases.flatMap(({ id }) => results.get(id) ?? []),
  };
  onEvent?.({ kind: "run-end", run: report });
  return report;
}

/** A seed as a person can copy it. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

/** Why an attachment that speaks a protocol is refused, if it is. */
async function refusesUnknownCase<Subject>(
  attachment: Attachment<Subject>,
  seed: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (attachment.refusesUnknownCase === undefined) return undefined;
  const name = `unknown-${randomSeed().toString(36)}`;
  const cleanUps: (() => void | Promise<void>)[] = [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(UNKNOWN_CASE_DEADLINE)]);
  const context: CaseContext = {
    seed,
    signal: limit,
    wire: () => {},
    defer: (cleanUp) => cleanUps.push(cleanUp),
    lengthen: () => {},
  };
  try {
    if (await beforeAbort(attachment.refusesUnknownCase(name, context), limit)) return undefined;
    return `The subject was asked for "${name}", which doesn't exist, and did not say that it doesn't know it`;
  } catch (error) {
    if (signal.aborted) return undefined;
    return `The subject was asked for "${name}", which doesn't exist: ${error instanceof Error ? error.message : error}`;
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

/** Limit of the question for a case that doesn't exist, in milliseconds. */
const UNKNOWN_CASE_DEADLINE = 10_000;
