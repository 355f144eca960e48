import type { Attachment } from "../src/attachment.ts";
import type { Case } from "../src/case.ts";

/** A subject that is wrong in exactly one way. */
export interface Mutant<Subject> {
  /** The fault in a few words, kebab-case: `splits-at-lf-alone`. */
  readonly name: string;
  /** The fault as a sentence, as a bug report would say it. */
  readonly fault: string;
  /** Id of the case meant for it. */
  readonly killedBy: string;
  attach(): Attachment<Subject> | Promise<Attachment<Subject>>;
}

/** A subject that is right, in a way that a suite may take for wrong. */
export interface CorrectSubject<Subject> {
  readonly name: string;
  /** What is odd about it, and why it is legal. */
  readonly oddity: string;
  /** Ids of the cases of SHOULD and PRACTICE that it fails, for it does not do what they ask. */
  readonly misses?: readonly string[];
  attach(): Attachment<Subject> | Promise<Attachment<Subject>>;
}

/** What shows that the cases of an area are right and sharp. */
export interface SelfTest<Subject> {
  /** As in the ids of its cases: `parse`. */
  readonly area: string;
  readonly cases: readonly Case<Subject>[];
  /** Id of the area's smoke case. */
  readonly smoke: string;
  readonly mutants: readonly Mutant<Subject>[];
  readonly correct: readonly CorrectSubject<Subject>[];
  /** How many cases may run at once against one subject; 1 by default. */
  readonly concurrency?: number;
  /** How many subjects may be met at once; 1 by default. */
  readonly subjectsAtOnce?: number;
  /** Whether a case judges by time: a busy machine may hide such faults, so that their mutants are met when the others are through. */
  readonly isByTime?: (caseId: string) => boolean;
  /** Cases that cost as much as all the others do: in `npm test` they meet these correct subjects alone, by name. */
  readonly costly?: { readonly cases: readonly string[]; readonly meet: readonly string[] };
}
