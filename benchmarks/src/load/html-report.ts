import { escapeText, type LineChart, lineChart } from "../plot/line-chart.ts";
import { reportRows } from "./format-report.ts";
import type { ReaderSample } from "./load-messages.ts";
import type { LoadReport } from "./load-report.ts";

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #111 }
  table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 500; white-space: nowrap }
  th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd; vertical-align: top } svg { width: 100% }
  .clean { color: #00614a } .unclean { color: #a33c00 }`;

/** The report as one page that needs nothing from elsewhere. */
export function htmlReport(report: LoadReport, clean: boolean): string {
  const title = `${report.profile} on ${report.url}`;
  const rows = reportRows(report).map(
    ([label, value]) => `<tr><th>${escapeText(label)}</th><td>${escapeText(value)}</td></tr>`,
  );
  const verdict = clean ? '<p class="clean">Nothing failed.' : '<p class="unclean">Something failed: see the table.';
  return [
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${escapeText(title)}</title><style>${STYLE}</style>`,
    `<h1>${escapeText(title)}</h1>`,
    `<p>${escapeText(report.startedAt)}, ${Math.round(report.duration / 1000)} s, measured by ${report.measuredBy}.</p>`,
    `${verdict}</p><table>${rows.join("")}</table>`,
    ...chartsOf(report).map(lineChart),
    `<details><summary>All of it as JSON</summary><pre>${escapeText(JSON.stringify(report, undefined, 2))}</pre></details>`,
    "</html>",
  ].join("\n");
}

function chartsOf({ samples, delivery }: LoadReport): LineChart[] {
  if (samples.length < 2) return [];
  const series = (name: string, of: (sample: ReaderSample) => number): LineChart["series"][number] => ({
    name,
    points: samples.map((sample, second) => [second + 1, of(sample)]),
  });
  const charts: LineChart[] = [
    { title: "Open streams", xLabel: "seconds", yLabel: "", series: [series("open", ({ open }) => open)] },
    { title: "Events per second", xLabel: "seconds", yLabel: "", series: [series("events", ({ events }) => events)] },
  ];
  if (delivery !== undefined) {
    charts.push({
      title: "Delivery",
      xLabel: "seconds",
      yLabel: "ms",
      series: [series("p50", ({ p50 }) => p50), series("p99", ({ p99 }) => p99)],
    });
  }
  return charts;
}
