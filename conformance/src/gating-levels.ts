import type { Level } from "./case.ts";
import type { CaseResult } from "./run-case.ts";

/** The levels whose failures make a run fail. */
export const GATING_LEVELS: readonly Level[] = ["MUST", "WPT", "INTEGRITY"];

/** The same under `--strict`. */
export const STRICT_LEVELS: readonly Level[] = [...GATING_LEVELS, "SHOULD", "PRACTICE"];

/** Every level: what subjects that follow our own choices are held to. */
export const ALL_LEVELS: readonly Level[] = [...STRICT_LEVELS, "INFO"];

/** Whether a rule was not kept: it failed, or is a choice of our own (`INFO`) that the subject made otherwise. */
export function isBroken({ verdict, level }: Pick<CaseResult, "verdict" | "level">): boolean {
  return verdict === "fail" || (verdict === "info" && level === "INFO");
}
