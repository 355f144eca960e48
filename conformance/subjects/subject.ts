import type { AreaCommand } from "../src/area-command.ts";
import type { Attachment } from "../src/attachment.ts";
import type { RunReport } from "../src/report/run-report.ts";

/** Software that is not ours: its results stand in docs/results.md. */
export type ForeignSubject<Subject> =
  | AttachedSubject<Subject>
  | {
      /** Runs the suite where the subject is at home, such as on another runtime. */
      report(): Promise<RunReport>;
    };

/** Software that the suite runs on from here. */
export interface AttachedSubject<Subject> {
  /** Attaches it. Name and version are the attachment's. */
  attach(): Promise<Attachment<Subject>>;
  /** Ids of cases on what it leaves to the application, as its documentation has it: "not supported" in the table. */
  readonly leaves?: readonly string[];
}

/** The subjects of an area. */
export interface ForeignSubjects<Subject> {
  readonly area: Pick<AreaCommand<Subject>, "name" | "cases" | "smoke" | "concurrency">;
  /** What a reader has to know to judge the table fairly: how they are attached, which options are set. */
  readonly note: string;
  readonly subjects: readonly ForeignSubject<Subject>[];
}
