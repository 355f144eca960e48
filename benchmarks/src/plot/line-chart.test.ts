import { describe, expect, it } from "vitest";
import { escapeText, lineChart } from "./line-chart.ts";

const labels = { title: "Delivery", xLabel: "seconds", yLabel: "ms" };

function pointsOf(svg: string): string[] {
  return [...svg.matchAll(/points="([^"]*)"/g)].map(([, points = ""]) => points);
}

describe("lineChart()", () => {
  it("draws each series from left to right, larger values higher", () => {
    const svg = lineChart({
      ...labels,
      series: [
        {
          name: "p50",
          points: [
            [0, 0],
            [1, 5],
            [2, 10],
          ],
        },
      ],
    });
    expect(pointsOf(svg)).toEqual(["64,256 384,153 704,50"]);
  });

  it("gives equal factors equal lengths on a logarithmic axis, and leaves out what has no logarithm", () => {
    const points = [
      [0, 1],
      [10, 1],
      [100, 10],
      [1000, 100],
    ] as const;
    const svg = lineChart({ ...labels, xLog: true, yLog: true, series: [{ name: "a", points }] });
    const xs = (pointsOf(svg)[0] ?? "").split(" ").map((point) => Number(point.split(",")[0]));
    expect(xs).toEqual([64, 384, 704]);
  });

  it("draws an empty chart and a single point without a number that is none", () => {
    expect(lineChart({ ...labels, series: [] })).not.toContain("NaN");
    expect(lineChart({ ...labels, yLog: true, series: [{ name: "a", points: [[1, 1]] }] })).not.toMatch(/NaN|Infinity/);
  });

  it("lets no label become markup", () => {
    const svg = lineChart({ ...labels, title: `</svg><script>"'`, series: [] });
    expect(svg).not.toContain("<script>");
    expect(escapeText(`<a b="c">'&`)).toBe("&#60;a b=&#34;c&#34;&#62;&#39;&#38;");
  });
});
