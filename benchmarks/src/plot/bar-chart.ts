import { escapeText } from "./line-chart.ts";

/** One bar of a chart. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What is written behind it. */
  readonly label: string;
  /** How far the figures behind it lie apart, to both sides. */
  readonly spread: number;
  /** Drawn in another colour. */
  readonly highlighted: boolean;
}

/** What a chart shows. */
export interface BarChart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const TOP = 34;
const ROW = 22;
const NAMES = 260;
const LABELS = 70;
/** Told apart by people who see few colours too. */
const COLORS = { plain: "#b8bec6", highlighted: "#0072b2", spread: "#333" };

/** Draws bars from left to right, one below the other, as one SVG element that needs nothing from elsewhere. */
export function barChart({ title, bars }: BarChart): string {
  const height = TOP + bars.length * ROW + 8;
  const most = Math.max(...bars.map(({ value, spread }) => value + spread), 0) || 1;
  const lengthOf = (value: number): number => round((Math.max(value, 0) / most) * (WIDTH - NAMES - LABELS));
  const rows = bars.map(({ name, value, label, spread, highlighted }, index) => {
    const y = TOP + index * ROW;
    const [from, to] = [NAMES + lengthOf(value - spread), NAMES + lengthOf(value + spread)];
    const color = highlighted ? COLORS.highlighted : COLORS.plain;
    return [
      `<text x="${NAMES - 8}" y="${y + 13}" text-anchor="end" fill="#111">${escapeText(name)}</text>`,
      `<rect x="${NAMES}" y="${y + 2}" width="${lengthOf(value)}" height="${ROW - 6}" fill="${color}"/>`,
      `<line x1="${from}" x2="${to}" y1="${y + 10}" y2="${y + 10}" stroke="${COLORS.spread}" stroke-width="1.5"/>`,
      `<text x="${round(to + 6)}" y="${y + 13}" fill="#555">${escapeText(label)}</text>`,
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeText(title)}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="18" fill="#111" font-size="12">${escapeText(title)}</text>`,
    ...rows,
    "</svg>",
  ].join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
