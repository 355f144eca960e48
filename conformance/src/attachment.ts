import type { CaseContext } from "./case.ts";

/** A subject under test, attached: a server, a client, a parser or a proxy. */
export interface Attachment<Subject> {
  /** Its name in reports. */
  readonly name: string;
  /** Its version, where it tells one. */
  readonly version: string | undefined;
  /** What it says that it can do: what `needs` of a case asks for. */
  readonly capabilities: ReadonlySet<string>;
  /** Gives a case a subject of its own; what it throws is an `error`, a fault of the attachment and no verdict on it. */
  open(context: CaseContext): Promise<Subject>;
  /** Lets go of everything. */
  close(): Promise<void>;
}
