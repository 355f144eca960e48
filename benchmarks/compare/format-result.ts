import type { Column, Goal, Result } from "./comparison.ts";
import { figuresOf, judgeGoals, ratioToBase, type Spread } from "./summarize.ts";

/** A table as text, the first line its head. */
type Table = readonly (readonly string[])[];

/** What a cell says. */
const LEGEND =
  "Medians; in brackets how many times the row's floor, round by round; ± is half of what lies between the quartiles; ! is a goal missed.";

/** A result for a terminal. */
export function formatResult(result: Result): string {
  const tables = [figureTable(result), goalTable(result)].filter((table) => table.length > 0).map(align);
  const skipped = (result.skipped ?? []).map((row) => `skipped: ${row}`);
  const failures = result.failures.map((failure) => `failed: ${failure}`);
  const notes = [LEGEND, ...skipped, ...failures].join("\n");
  return [`${result.title} (${settingsOf(result)})`, ...tables, notes].join("\n\n");
}

/** A result as Markdown: how it was measured, its figures, and its goals. */
export function markdownOf(result: Result): string {
  const { date, machine, versions, skipped = [], failures } = result;
  const runtimes = ["Node", "Deno", "Bun"].map((name) => `${name} ${versions[name]}`).join(", ");
  const tables = [figureTable(result), goalTable(result)].filter((table) => table.length > 0).map(markdown);
  return [
    `Measured on ${date}, ${machine.os} ${machine.arch} with ${machine.cores} cores, ${runtimes}; ${settingsOf(result)}.`,
    ...tables,
    ...skipped.map((row) => `Skipped: ${row}.`),
    ...failures.map((failure) => `Failed: ${failure}`),
  ].join("\n\n");
}

function settingsOf({ settings, rounds }: Result): string {
  const all = Object.entries({ ...settings, rounds });
  return all.map(([name, value]) => `${name}: ${value.toLocaleString("en-US")}`).join(", ");
}

function figureTable(result: Result): Table {
  const judged = judgeGoals(result);
  const missed = (row: string, column: string): boolean =>
    judged.some(({ goal, met }) => !met && goal.row === row && goal.column === column);
  const rows = result.rows.filter(({ name }) => result.samples[name] !== undefined);
  const hasGoals = result.goals.some(isAlone);
  return [
    [result.figure ?? "", ...result.columns.map(titleOf), ...(hasGoals ? ["goal"] : [])],
    ...rows.map(({ name }) => [
      name,
      ...result.columns.map(({ name: column, counted }) => {
        const figures = figuresOf(result, name, column);
        if (figures === undefined) return "";
        if (counted) return countOf(result, name, column);
        const ratio = ratioToBase(result, name, column);
        const text =
          ratio === undefined ? formatSpread(figures) : `${formatFigure(figures.median)} (${formatSpread(ratio)})`;
        return missed(name, column) ? `!${text}` : text;
      }),
      ...(hasGoals ? [goalsOf(result, name)] : []),
    ]),
  ];
}

function countOf({ samples }: Result, row: string, column: string): string {
  const figures = (samples[row]?.[column] ?? []).filter((figure) => figure !== null);
  return `${figures.filter((figure) => figure !== 0).length} of ${figures.length}`;
}

/** A goal that is no comparison stands beside its row's figures. */
function isAlone({ thanRow, thanColumn }: Goal): boolean {
  return thanRow === undefined && thanColumn === undefined;
}

function goalsOf({ goals, columns }: Result, name: string): string {
  const own = goals.filter((goal) => isAlone(goal) && goal.row === name);
  const texts = new Set(own.map(boundOf));
  if (texts.size === 1 && own.length === columns.length) return [...texts].join();
  return own.map((goal) => `${goal.column} ${boundOf(goal)}`).join(", ");
}

function boundOf({ atMost, atLeast }: Goal): string {
  return atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
}

/** The goals that compare, each with what it came to. */
function goalTable(result: Result): Table {
  const judged = judgeGoals(result).filter(({ goal }) => !isAlone(goal));
  if (judged.length === 0) return [];
  return [
    ["", "measured", "goal", ""],
    ...judged.map(({ goal, met, ...spread }) => [
      describeGoal(goal),
      formatSpread(spread),
      boundOf(goal),
      met ? "met" : "! missed",
    ]),
  ];
}

function describeGoal({ row, column, thanRow, thanColumn }: Goal): string {
  if (thanRow !== undefined) return `${row}, ${column}, times ${thanRow}`;
  return `${row}, ${column}, times ${thanColumn}`;
}

function titleOf({ name, unit }: Column): string {
  if (/^\d+$/.test(name)) return `${Number(name).toLocaleString("en-US")} ${unit}`;
  return unit === "" ? name : `${name}, ${unit}`;
}

function formatSpread({ median, spread }: Spread): string {
  return `${formatFigure(median)} ±${formatFigure(spread)}`;
}

/** A number with the digits that it deserves. */
export function formatFigure(value: number): string {
  if (Math.abs(value) >= 10_000) return Number(value.toPrecision(3)).toLocaleString("en-US");
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? value.toFixed(0)
    : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

function align(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 2)))
        .join(""),
    )
    .join("\n");
}

function markdown(table: Table): string {
  const [head = [], ...rows] = table;
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
