import type { Result } from "./comparison.ts";
import { formatFigure } from "./format-result.ts";
import { figuresOf } from "./summarize.ts";

/** What one node of a hub can hold, as sentences, from the results that are there. */
export function capacityOf(results: ReadonlyMap<string, Result>): string {
  const row = "@ssekit/hub on Node";
  const of = (comparison: string, column: string): number | undefined => {
    const result = results.get(comparison);
    return result === undefined ? undefined : figuresOf(result, row, column)?.median;
  };
  const perSecond = (cost: number): string => formatFigure(Math.round(1e6 / cost));
  const [steady, burst, idle] = ["steady", "burst", "idle"].map((column) => of("fan-out", column));
  const [connect, crowded] = [of("connect-storm", "CPU"), of("growth-connections", "10000")];
  const rows = [
    steady && ["events that come one by one", `${perSecond(steady)} deliveries a second`],
    burst && ["events that come 16 in a turn", `${perSecond(burst)} deliveries a second`],
    crowded && ["the same with 10,000 readers", `${perSecond(crowded)} deliveries a second`],
    connect && ["readers that come", `${perSecond(connect)} a second`],
    idle && ["memory of the process for a reader that waits", `${formatFigure(idle)} KB`],
  ].filter((cells) => cells !== undefined && cells !== 0);
  if (rows.length === 0) return "Not measured yet: `npm run bench -- --write`.";
  const date = results.get("fan-out")?.date ?? results.get("growth-connections")?.date;
  return [
    `| one core, ${row}, ${date} | |`,
    "| --- | --- |",
    ...rows.map((cells) => `| ${(cells as string[]).join(" | ")} |`),
  ].join("\n");
}
