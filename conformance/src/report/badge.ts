import { escapeMarkup } from "./escape-markup.ts";
import type { RunReport } from "./run-report.ts";

/** A report as a badge for a README: SVG, `event stream parser | 61/62`. */
export function badgeOf({ area, cases, counts, exitCode }: RunReport): string {
  const label = `event stream ${area}`;
  const judged = cases.filter(({ verdict, gates }) => gates && (verdict === "pass" || verdict === "fail")).length;
  const failed = cases.filter(({ verdict, gates }) => gates && verdict === "fail").length;
  const value = exitCode === 2 ? "unknown" : failed === 0 ? "conforming" : `${judged - failed}/${judged} rules`;
  const color = exitCode === 2 || counts.pass === 0 ? "#6b7280" : failed === 0 ? "#15803d" : "#b45309";
  const width = (text: string): number => Math.round(text.length * 6.6) + 14;
  const [left, right] = [width(label), width(value)];
  const title = escapeMarkup(`${label}: ${value}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${left + right}" height="20" rx="3" fill="#374151"/>
<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${color}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="${left / 2}" y="14">${escapeMarkup(label)}</text>
<text x="${left + right / 2}" y="14">${escapeMarkup(value)}</text>
</g>
</svg>
`;
}
