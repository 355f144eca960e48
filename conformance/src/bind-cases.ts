import type { Attachment } from "./attachment.ts";
import type { Case, Level } from "./case.ts";
import { GATING_LEVELS, isBroken } from "./gating-levels.ts";
import { groundsOf } from "./report/summary.ts";
import { runCase } from "./run-case.ts";
import { randomSeed } from "./run-cases.ts";
import { selectCases } from "./select-cases.ts";

/** A case with its subject, for any test framework. */
export interface BoundCase {
  readonly id: string;
  /**
   * Fulfils if the rule is kept, else rejects with what was expected and what came. A case that the subject can't
   * show is skipped by what vitest and `node:test` give a test, and fulfils elsewhere.
   */
  readonly run: (test?: unknown) => Promise<void>;
}

/** What is bound. */
export interface BindOptions {
  /** The levels to hold the subject to; {@linkcode GATING_LEVELS} by default. */
  readonly levels?: readonly Level[];
  /** What cases that draw draw from; random by default, and told with a failure. */
  readonly seed?: number;
}

/**
 * Gives cases as functions that a test framework can run, each with a subject of its own.
 *
 * @example
 * ```ts ignore
 * for (const { id, run } of bindCases(cases, attachment)) it(id, run);
 * ```
 */
export function bindCases<Subject>(
  cases: readonly Case<Subject>[],
  attachment: Attachment<Subject>,
  { levels = GATING_LEVELS, seed = randomSeed() }: BindOptions = {},
): BoundCase[] {
  const held = selectCases(cases, {}).filter(({ specification }) => levels.includes(specification.level));
  return held.map((testCase) => ({
    id: testCase.id,
    run: async (test) => {
      const { signal } = new AbortController();
      const result = await runCase(testCase, attachment, { seed, signal });
      const { verdict, message = "", expected, actual } = result;
      if (verdict === "unsupported") (test as Skippable | undefined)?.skip?.(message);
      if (!isBroken(result) && verdict !== "error") return;
      const seen = expected === undefined ? "" : `\nexpected: ${expected}\nactual:   ${actual}`;
      const { name, text, url } = groundsOf(testCase.specification);
      const grounds = `${name}: ${text}${url ? `\n          ${url}` : ""}`;
      throw new Error(`${testCase.rule}\n${message}${seen}\nrepair: ${testCase.repair}\n${grounds}\nseed: ${seed}`);
    },
  }));
}

interface Skippable {
  skip?(note: string): void;
}
