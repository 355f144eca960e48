import { describe, expect, it } from "vitest";
import { barChart } from "./bar-chart.ts";

const bar = { label: "", spread: 0, highlighted: false };

describe("barChart()", () => {
  it("draws a bar as long as its value is of the greatest one with its spread", () => {
    const svg = barChart({
      title: "Cost",
      bars: [
        { ...bar, name: "half", value: 5 },
        { ...bar, name: "whole", value: 8, spread: 2 },
      ],
    });
    const widths = [...svg.matchAll(/<rect x="260"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([195, 312]);
    expect(svg).toContain('<line x1="494" x2="650"');
  });

  it("draws no bars, and bars of nothing, without a number that is none", () => {
    expect(barChart({ title: "", bars: [] })).not.toMatch(/NaN|Infinity/);
    expect(barChart({ title: "", bars: [{ ...bar, name: "a", value: 0 }] })).not.toMatch(/NaN|Infinity/);
  });

  it("lets no name become markup", () => {
    expect(barChart({ title: "<b>", bars: [{ ...bar, name: "<script>", label: "<i>", value: 1 }] })).not.toMatch(
      /<script>|<b>|<i>/,
    );
  });
});
