import type { AreaCommand } from "../src/area-command.ts";
import type { Attachment } from "../src/attachment.ts";
import type { RunReport } from "../src/report/run-report.ts";

/** Software that is not ours: its results stand in docs/results.md. */
export type ForeignSubject<Subject> =
  | {
      /** Attaches it. Name and version are the attachment's. */
      attach(): Promise<Attachment<Subject>>;
    }
  | {
      /** Runs the suite where the subject is at home, such as on another runtime. */
      report(): Promise<RunReport>;
    };

/** The subjects of an area. */
export interface ForeignSubjects<Subject> {
  readonly area: Pick<AreaCommand<Subject>, "name" | "cases" | "smoke" | "concurrency">;
  /** What a reader has to know to judge the table fairly: how they are attached, which options are set. */
  readonly note: string;
  readonly subjects: readonly ForeignSubject<Subject>[];
}
