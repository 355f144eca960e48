import { barChart } from "../src/plot/bar-chart.ts";
import { lineChart } from "../src/plot/line-chart.ts";
import type { Result } from "./comparison.ts";
import { formatFigure } from "./format-result.ts";
import { figuresOf } from "./summarize.ts";

/** A chart of a result. */
export interface Chart {
  /** Its file in `benchmarks/results`. */
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** What a result looks like. */
export function chartsOf(result: Result): Chart[] {
  if (result.chart === "lines") return [lines(result)];
  if (result.chart === "none") return [];
  return result.columns.filter(({ counted }) => !counted).map((column) => bars(result, column));
}

function bars(result: Result, { name: column, unit }: Result["columns"][number]): Chart {
  const title = `${result.title}: ${column}, ${unit}`;
  const drawn = result.rows.flatMap(({ name, ours = false }) => {
    const figures = figuresOf(result, name, column);
    if (figures === undefined) return [];
    const { median: value, spread } = figures;
    return [{ name, value, spread, label: formatFigure(value), highlighted: ours }];
  });
  return {
    file: `${result.name}-${column.replaceAll(/[^\w]+/g, "-")}.svg`,
    title,
    svg: barChart({ title, bars: drawn }),
  };
}

function lines(result: Result): Chart {
  const { name: file, title, columns, figure: yLabel = "" } = result;
  const series = result.rows.map(({ name }) => ({
    name,
    points: columns.flatMap(({ name: column }): [number, number][] => {
      const figures = figuresOf(result, name, column);
      return figures === undefined ? [] : [[Number(column), figures.median]];
    }),
  }));
  const svg = lineChart({ title, xLabel: columns[0]?.unit ?? "", yLabel, series, xLog: true, yLog: true });
  return { file: `${file}.svg`, title, svg };
}
