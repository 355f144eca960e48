import type { AreaCommand } from "../src/area-command.ts";
import type { Attachment } from "../src/attachment.ts";

/** Software that is not ours, as it is attached: its results stand in docs/results.md. */
export interface ForeignSubject<Subject> {
  /** Name and version are the attachment's. */
  attach(): Promise<Attachment<Subject>>;
}

/** The subjects of an area. */
export interface ForeignSubjects<Subject> {
  readonly area: Pick<AreaCommand<Subject>, "name" | "cases" | "smoke" | "concurrency">;
  /** What a reader has to know to judge the table fairly: how they are attached, which options are set. */
  readonly note: string;
  readonly subjects: readonly ForeignSubject<Subject>[];
}
