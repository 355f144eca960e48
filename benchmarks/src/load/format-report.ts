import type { LoadReport, Summary } from "./load-report.ts";

/** One line of a report: what was measured, and the figures. */
export type ReportRow = readonly [label: string, value: string];

/** A number with thousands apart and no more digits than it deserves. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A size in B, KB or MB of 1024. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatNumber(bytes)} B`;
  if (bytes < 1024 * 1024) return `${formatNumber(bytes / 1024)} KB`;
  return `${formatNumber(bytes / 1024 / 1024)} MB`;
}

/** A distribution's percentiles in one line. */
function formatSummary(summary: Summary | undefined): string {
  if (summary === undefined) return "nothing to measure";
  const { p50, p90, p99, p999, max } = summary;
  const [a, b, c, d, e] = [p50, p90, p99, p999, max].map(formatNumber);
  return `p50 ${a} ms, p90 ${b}, p99 ${c}, p99.9 ${d}, max ${e}`;
}

/** What the system may keep for a reader that has stopped, so that its server need not wait. */
const KEPT_BY_SYSTEM = 8 * 2 ** 20;

/** Those who read tell what those who stopped were owed. */
function formatStalled({ connections: { asked, stalled }, bytes }: LoadReport): string {
  const owed = asked > stalled ? bytes.received / (asked - stalled) : 0;
  const advice =
    owed < KEPT_BY_SYSTEM ? "; the system may keep that, so raise --size, --rate or --duration to block them" : "";
  return `${formatNumber(stalled)}, each owed some ${formatBytes(owed)}${advice}`;
}

/** What a report says, line by line, as the terminal and the page show it. */
export function reportRows(report: LoadReport): ReportRow[] {
  const { connections, events, bytes, delivery, tool } = report;
  const rows: ReportRow[] = [];
  if (report.measuredBy === "autocannon") {
    rows.push(
      ["streams", `${formatNumber(connections.opened)} requested, ${formatNumber(connections.ended)} came whole`],
      ["streams per second", formatNumber(connections.perSecond)],
    );
  } else {
    const last = `${formatNumber(connections.perSecond)} per second, the last after ${formatNumber(connections.last)} ms`;
    rows.push(
      [
        "connections",
        `${formatNumber(connections.opened)} opened of ${formatNumber(connections.asked)} asked: ${last}`,
      ],
      ["to the head", formatSummary(report.head)],
      ["to the first event", formatSummary(report.firstEvent)],
    );
    if (connections.stalled > 0) rows.push(["stopped reading", formatStalled(report)]);
    if (connections.churned > 0) rows.push(["broke off and came back", formatNumber(connections.churned)]);
    if (connections.ended > 0 || report.profile === "tokens")
      rows.push(["streams that ended", formatNumber(connections.ended)]);
  }
  if (report.stream !== undefined) rows.push(["length of a stream", formatSummary(report.stream)]);
  rows.push(
    ["events", `${formatNumber(events.received)} received, ${formatNumber(events.perSecond)} per second`],
    ["bytes", `${formatBytes(bytes.received)} received, ${formatBytes(bytes.perSecond)} per second`],
  );
  if (report.gap !== undefined) rows.push(["between two events", formatSummary(report.gap)]);
  if (delivery !== undefined) {
    const { published, failed, unsent, lost, repeated, reordered, disordered, latency, behind } = delivery;
    rows.push(
      [
        "published",
        `${formatNumber(published)} accepted, ${formatNumber(failed)} failed, ${formatNumber(unsent)} not sent in time, at most ${formatNumber(behind)} ms late`,
      ],
      ["delivery", formatSummary(latency)],
      [
        "in disorder",
        `${formatNumber(lost)} lost, ${formatNumber(repeated)} repeated, ${formatNumber(reordered)} reordered, by ${formatNumber(disordered)} of ${formatNumber(connections.asked)} readers`,
      ],
    );
  }
  for (const { kind, count, example, advice } of report.failures) {
    rows.push([
      `failed: ${kind}`,
      `${formatNumber(count)} times. ${example}${advice === undefined ? "" : `; ${advice}`}`,
    ]);
  }
  if (tool.bottleneck !== undefined) rows.push(["the tool was the bottleneck", tool.bottleneck]);
  if (report.partial !== undefined) rows.push(["ended before its time", report.partial]);
  return rows;
}

/** The report as text for a terminal. */
export function formatReport(report: LoadReport): string {
  const rows = reportRows(report);
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  const seconds = formatNumber(report.duration / 1000);
  const title = `${report.profile} on ${report.url}, ${seconds} s, measured by ${report.measuredBy}`;
  return [title, "", ...rows.map(([label, value]) => label.padEnd(width) + value)].join("\n");
}
