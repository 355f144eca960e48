import { Command, Option } from "commander";
import { htmlOf } from "../report/html.ts";
import { markdownOf } from "../report/markdown.ts";
import type { Output } from "./output.ts";
import { readReport, write } from "./run-line.ts";
import { UsageError } from "./usage-error.ts";

/** `ssekit-conformance report`. */
export function reportCommand({ stdout }: Output): Command {
  return new Command("report")
    .description("Makes one table or page of several reports.")
    .argument("<reports...>", "files that --json wrote")
    .addOption(new Option("--html <file>", "write a page"))
    .addOption(new Option("--markdown <file>", "write a table: a column for each subject; - for standard output"))
    .action((files: string[], { html, markdown }: { html?: string; markdown?: string }) => {
      const reports = files.map(readReport);
      if (new Set(reports.map(({ area }) => area)).size > 1) {
        throw new UsageError("Cannot put the reports into one table: they are of several areas");
      }
      if (html !== undefined) write(html, htmlOf(reports), stdout);
      if (markdown !== undefined || html === undefined) write(markdown ?? "-", markdownOf(reports), stdout);
    });
}
