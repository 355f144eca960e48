import { styleText } from "node:util";
import type { Level } from "../case.ts";
import type { TextStream } from "../cli/output.ts";
import type { RunEvent } from "../run-cases.ts";
import type { ReportedCase, RunReport } from "./run-report.ts";
import { groundsOf, subjectOf, summaryOf } from "./summary.ts";
import { wireText } from "./wire-text.ts";

/** How many entries of the wire a failure shows; all are in the page and in the JSON. */
const MAX_WIRE = 12;

type Style = Parameters<typeof styleText>[0];

/** Where a run is shown: on a terminal with progress, else line by line. */
export class TerminalReport {
  readonly #stream: TextStream;
  readonly #verbose: boolean;
  readonly #running = new Set<string>();
  #cases = 0;
  #done = 0;
  #failed = 0;

  constructor(stream: TextStream, { verbose }: { readonly verbose: boolean }) {
    this.#stream = stream;
    this.#verbose = verbose;
  }

  /** Shows how the run goes on. */
  onEvent(event: RunEvent): void {
    if (event.kind === "run-start") this.#cases = event.cases;
    else if (event.kind === "case-start") this.#running.add(event.id);
    else if (event.kind === "case-end") {
      this.#running.delete(event.result.id);
      this.#done++;
      if (event.result.verdict === "fail") this.#failed++;
      const { id, verdict, milliseconds } = event.result;
      if (this.#verbose) this.#line(`${this.#mark(verdict)} ${id} ${this.#style("dim", `${milliseconds} ms`)}`);
    }
    if (event.kind === "run-end") this.#status("");
    else {
      const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed`;
      this.#status(`${this.#done}/${this.#cases}${failed}  ${[...this.#running].join(" ")}`);
    }
  }

  /** Shows what the run came to: each failure explained, then what was not asked, then the counts. */
  show(report: RunReport): void {
    const { cases, levels, seed, faults, exitCode, milliseconds } = report;
    const refused = exitCode === 2 && report.counts.pass === 0;
    for (const reported of cases) {
      const { verdict, expectation } = reported;
      if (verdict === "error" || (verdict === "fail" && expectation !== "failed-as-expected")) this.#explain(reported);
    }
    if (cases.some(({ verdict }) => verdict === "fail" || verdict === "error")) this.#line("");
    for (const { id, verdict, message = "", expectation, reason } of cases) {
      const note = expectation === undefined ? message : `${expectation.replaceAll("-", " ")}: ${reason}`;
      const noted = verdict === "nonstrict" || verdict === "info" || expectation !== undefined;
      if (noted) this.#line(`${this.#mark(verdict)} ${id}: ${note.split("\n")[0]}`);
    }
    this.#notAsked(cases, "unsupported", "not supported");
    if (!refused) this.#notAsked(cases, "blocked", "blocked");
    for (const fault of faults) this.#line(this.#style("yellow", `! ${fault}`));
    const color: Style = exitCode === 0 ? "green" : "red";
    this.#line("");
    this.#line(`${this.#style("bold", subjectOf(report))}: ${this.#style(color, summaryOf(report))}`);
    const held = `${levels.join(", ")} ${levels.length === 1 ? "gates" : "gate"}${this.#adviceNote(cases, levels)}`;
    this.#line(this.#style("dim", `${held}; ${(milliseconds / 1000).toFixed(1)} s; --seed ${seed}`));
  }

  /** Cases that were not run, by their reason: there may be many of one. */
  #notAsked(cases: readonly ReportedCase[], verdict: "unsupported" | "blocked", words: string): void {
    const byReason = new Map<string, ReportedCase[]>();
    for (const reported of cases) {
      if (reported.verdict !== verdict) continue;
      const reason = reported.message?.split("\n")[0] ?? "";
      byReason.set(reason, [...(byReason.get(reason) ?? []), reported]);
    }
    for (const [reason, members] of byReason) {
      const [first] = members;
      const who = members.length === 1 ? first?.id : `${members.length} cases`;
      this.#line(`${this.#mark(verdict)} ${who} ${words}. ${reason}`);
      if (this.#verbose && members.length > 1) for (const { id } of members) this.#line(`    ${id}`);
    }
  }

  #adviceNote(cases: readonly ReportedCase[], levels: readonly Level[]): string {
    const soft = cases.some(({ verdict, gates }) => verdict === "fail" && !gates);
    return soft && !levels.includes("PRACTICE") ? " (--strict: advice too)" : "";
  }

  #explain(reported: ReportedCase): void {
    const { id, verdict, level, gates, rule, message = "", expected, actual, specification, repair } = reported;
    const [first = "", ...dump] = message.split("\n");
    const row = (name: string, value: string): void => {
      const [head = "", ...rest] = value.split("\n");
      this.#line(`    ${this.#style("dim", name.padEnd(9))} ${head}`);
      for (const line of rest) this.#line(`              ${line}`);
    };
    this.#line("");
    const kind =
      gates || verdict === "error" ? this.#style("red", verdict === "fail" ? "✗" : "!") : this.#style("yellow", "✗");
    this.#line(`${kind} ${this.#style("bold", id)}  ${this.#style("dim", gates ? level : `${level}, advice`)}`);
    this.#line(`    ${rule}`);
    if (verdict === "error") {
      row("error", message);
      return;
    }
    if (first !== "") row("where", first);
    for (const line of dump) this.#line(`              ${line}`);
    if (expected !== undefined) row("expected", expected);
    if (actual !== undefined) row("got", this.#style(gates ? "red" : "yellow", actual));
    if (dump.length === 0) this.#wire(reported);
    const grounds = groundsOf(specification);
    row(grounds.name, [grounds.text, grounds.url].filter(Boolean).join("\n"));
    row("repair", repair);
  }

  #wire({ wire = [] }: ReportedCase): void {
    if (wire.length === 0) return;
    const more = wire.length - MAX_WIRE;
    const note = more > 0 ? `the last ${MAX_WIRE} of ${wire.length} entries, --html has all` : "";
    this.#line(`    ${this.#style("dim", "wire")}      ${note}`.trimEnd());
    for (const entry of wire.slice(-MAX_WIRE)) this.#line(`      ${cut(wireText(entry), 160)}`);
  }

  #mark(verdict: ReportedCase["verdict"]): string {
    const marks: Record<ReportedCase["verdict"], [string, Style]> = {
      pass: ["✓", "green"],
      nonstrict: ["~", "yellow"],
      info: ["i", "cyan"],
      fail: ["✗", "red"],
      unsupported: ["–", "dim"],
      blocked: ["·", "dim"],
      error: ["!", "red"],
    };
    const [mark, style] = marks[verdict];
    return this.#style(style, mark);
  }

  #style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream });
  }

  #line(text: string): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[2K");
    this.#stream.write(`${text}\n`);
  }

  /** One line that is written over; only where someone watches. */
  #status(text: string): void {
    if (!this.#stream.isTTY) return;
    this.#stream.write(`\r\u001b[2K${text.slice(0, (this.#stream.columns || 80) - 1)}`);
  }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
