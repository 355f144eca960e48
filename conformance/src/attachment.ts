import type { CaseContext } from "./case.ts";

/** A subject under test, attached: a server, a client, a parser or a proxy. */
export interface Attachment<Subject> {
  /** Its name in reports. */
  readonly name: string;
  /** Its version, where it tells one. */
  readonly version: string | undefined;
  /** What it says that it can do: what `needs` of a case asks for. */
  readonly capabilities: ReadonlySet<string>;
  /** What would give it a capability that it hasn't, such as an option, by the capability's name. */
  readonly remedies?: Readonly<Record<string, string>>;
  /** How many cases may run at once, where that is less than elsewhere in its area. */
  readonly concurrency?: number;
  /** Gives a case a subject of its own; what it throws is an `error`, a fault of the attachment and no verdict on it. */
  open(context: CaseContext): Promise<Subject>;
  /**
   * Asks for a case that nobody can know, and tells whether the subject answered that it doesn't. A subject that claims
   * to know it would pass anything, and is refused. Left out where no protocol is spoken.
   */
  refusesUnknownCase?(name: string, context: CaseContext): Promise<boolean>;
  /** Lets go of everything. */
  close(): Promise<void>;
}

/**
 * The subject can't be attached: a wrong option, a program that doesn't start. Its message is all that a user sees, so it
 * says what was attempted, what was wrong and what to do.
 */
export class AttachmentError extends Error {
  override readonly name = "AttachmentError";
}
