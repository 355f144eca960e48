/** Why a request isn't served: what its answer says. */
export interface Refusal {
  /** The status of the answer, 400 or above. */
  readonly status: number;
  /** What was wrong and what to do about it: the body of the answer, as plain text. */
  readonly reason: string;
}

/** Tells a refusal from what a parser gives for a good request. */
export function isRefusal(outcome: object | string): outcome is Refusal {
  return typeof outcome === "object" && "reason" in outcome;
}

/** A refusal of a request that its sender must mend. */
export function badRequest(reason: string): Refusal {
  return { status: 400, reason };
}
