/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a chart shows. */
export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Whether an axis is logarithmic; values of 0 and below are left out there. */
  readonly xLog?: boolean;
  readonly yLog?: boolean;
}

const WIDTH = 720;
const HEIGHT = 300;
const MARGIN = { top: 50, right: 16, bottom: 44, left: 64 };
/** About as wide as a letter is. */
const LETTER = 5.8;
/** Told apart by people who see few colours too. */
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** Draws a chart as one SVG element that needs nothing from elsewhere. */
export function lineChart({ title, xLabel, yLabel, series, xLog = false, yLog = false }: LineChart): string {
  const shown = series.map(({ name, points }) => ({
    name,
    points: points.filter(([x, y]) => (!xLog || x > 0) && (!yLog || y > 0)),
  }));
  const all = shown.flatMap(({ points }) => points);
  const x = axis(
    all.map(([value]) => value),
    { from: MARGIN.left, to: WIDTH - MARGIN.right, log: xLog },
  );
  const y = axis(
    all.map(([, value]) => value),
    { from: HEIGHT - MARGIN.bottom, to: MARGIN.top, log: yLog },
  );
  const grid = [
    ...x.ticks.map((tick) => gridLine({ x1: x.at(tick), x2: x.at(tick), y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom })),
    ...x.ticks.map((tick) =>
      text(shortNumber(tick), { x: x.at(tick), y: HEIGHT - MARGIN.bottom + 16, anchor: "middle" }),
    ),
    ...y.ticks.map((tick) => gridLine({ x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y.at(tick), y2: y.at(tick) })),
    ...y.ticks.map((tick) => text(shortNumber(tick), { x: MARGIN.left - 6, y: y.at(tick) + 4, anchor: "end" })),
  ];
  const lines = shown.map(({ points }, index) => {
    const path = points.map(([px, py]) => `${round(x.at(px))},${round(y.at(py))}`).join(" ");
    return `<polyline fill="none" stroke="${colorOf(index)}" stroke-width="1.8" points="${path}"/>`;
  });
  let legendEnd = MARGIN.left;
  const legend = shown.map(({ name }, index) => {
    const at = legendEnd;
    legendEnd += name.length * LETTER + 16;
    return text(name, { x: at, y: 34, anchor: "start", fill: colorOf(index) });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(title, { x: MARGIN.left, y: 18, anchor: "start", fill: "#111" }),
    ...grid,
    ...lines,
    ...legend,
    text(xLabel, { x: (MARGIN.left + WIDTH - MARGIN.right) / 2, y: HEIGHT - 8, anchor: "middle" }),
    text(yLabel, { x: MARGIN.left - 6, y: MARGIN.top - 10, anchor: "end" }),
    "</svg>",
  ].join("");
}

/** Text that is safe inside SVG and HTML, attributes too. */
export function escapeText(given: string): string {
  return given.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

interface Axis {
  at(value: number): number;
  readonly ticks: readonly number[];
}

function axis(values: readonly number[], { from, to, log }: { from: number; to: number; log: boolean }): Axis {
  const scale = log ? Math.log10 : (value: number): number => value;
  const highest = Math.max(...values, log ? 1 : 0);
  const lowest = log ? Math.min(...values, highest) : 0;
  const low = log ? Math.floor(scale(lowest)) : 0;
  const high = log ? Math.max(Math.ceil(scale(highest)), low + 1) : highest || 1;
  const step = log ? 1 : niceStep(high / 5);
  const count = Math.floor((high - low) / step + 1e-9);
  return {
    at: (value) => from + ((scale(value) - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: count + 1 }, (_, index) => (log ? 10 ** (low + index) : index * step)),
  };
}

/** The 1, 2 or 5 times a power of ten at or above a step. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((factor) => factor * power >= step) ?? 10);
}

function shortNumber(value: number): string {
  if (value >= 1e6) return `${round(value / 1e6)}M`;
  if (value >= 1e3) return `${round(value / 1e3)}k`;
  return String(Number(value.toPrecision(3)));
}

function gridLine({ x1, x2, y1, y2 }: { x1: number; x2: number; y1: number; y2: number }): string {
  return `<line x1="${round(x1)}" x2="${round(x2)}" y1="${round(y1)}" y2="${round(y2)}" stroke="#ddd"/>`;
}

function text(
  content: string,
  { x, y, anchor, fill = "#555" }: { x: number; y: number; anchor: string; fill?: string },
): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}">${escapeText(content)}</text>`;
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length] as string;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
