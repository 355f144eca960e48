import { Command } from "commander";
import { AREAS } from "../areas.ts";
import { groundsOf } from "../report/summary.ts";
import { matchesGlob } from "../select-cases.ts";
import type { Output } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** `ssekit-conformance explain`. */
export function explainCommand({ stdout }: Output): Command {
  return new Command("explain")
    .description("Explains cases: the rule, where it stands, how it is usually repaired.")
    .argument("<ids...>", "ids, or globs such as parse/retry/*")
    .action((globs: string[]) => {
      const cases = AREAS.flatMap((area) => area.cases);
      for (const glob of globs) {
        const named = cases.filter(({ id }) => matchesGlob(id, glob));
        if (named.length === 0) throw new UsageError(`Cannot explain ${glob}: no case has that id${hint(glob, cases)}`);
        for (const testCase of named) stdout.write(`${explanation(testCase)}\n`);
      }
    });
}

function explanation({
  id,
  rule,
  specification,
  repair,
  since,
  until,
  needs = [],
  dependsOn = [],
  wpt = [],
  launchDarkly = [],
}: Explained): string {
  const { name, text, url } = groundsOf(specification);
  const rows: [string, readonly string[]][] = [
    ["level", [specification.level]],
    [name, url === undefined ? [text] : [text, url]],
    ["repair", [repair]],
    ["needs", needs],
    ["after", dependsOn],
    ["WPT", wpt],
    ["sse-contract-tests", launchDarkly],
    ["since", [since]],
    ["until", until === undefined ? [] : [until]],
  ];
  const lines = rows.flatMap(([name, values]) =>
    values.map((value, index) => `  ${(index === 0 ? name : "").padEnd(18)}  ${value}`),
  );
  return `${id}\n  ${rule}\n\n${lines.join("\n")}\n`;
}

type Explained = (typeof AREAS)[number]["cases"][number];

/** The cases whose last part is the same, or whose area and rule are. */
function hint(glob: string, cases: readonly Explained[]): string {
  const parts = glob.split("/");
  const near = cases.filter(({ id }) => {
    const own = id.split("/");
    return own.at(-1) === parts.at(-1) || (parts.length > 1 && own[0] === parts[0] && own[1] === parts[1]);
  });
  return near.length === 0 ? "; see ssekit-conformance list" : `; near it: ${near.map(({ id }) => id).join(", ")}`;
}
