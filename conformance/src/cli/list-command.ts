import { Command, Option } from "commander";
import { AREAS } from "../areas.ts";
import type { Output } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** `ssekit-conformance list`. */
export function listCommand({ stdout }: Output): Command {
  return new Command("list")
    .description("Lists the cases, of all areas or of one.")
    .argument("[area]", AREAS.map(({ name }) => name).join(", "))
    .addOption(new Option("--json", "as JSON, with rules, quotes and what else a case says of itself"))
    .action((name: string | undefined, { json }: { json?: true }) => {
      const areas = AREAS.filter((area) => name === undefined || area.name === name);
      if (areas.length === 0) {
        throw new UsageError(`Cannot list ${name}: the areas are ${AREAS.map((area) => area.name).join(", ")}`);
      }
      const cases = areas.flatMap((area) => area.cases.map((testCase) => ({ area: area.name, ...testCase })));
      if (json) stdout.write(`${JSON.stringify(cases, undefined, 2)}\n`);
      else {
        const width = Math.max(...cases.map(({ id }) => id.length));
        for (const { id, specification, rule, until } of cases) {
          const retired = until === undefined ? "" : ` (until ${until})`;
          stdout.write(`${id.padEnd(width)}  ${specification.level.padEnd(9)}  ${rule}${retired}\n`);
        }
      }
    });
}
