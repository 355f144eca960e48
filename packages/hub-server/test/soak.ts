// A soak of the hub server, as a program: `node --conditions=@ssekit/source packages/hub-server/test/soak.ts --help`.
import { parseArgs } from "node:util";
import { runSoak } from "./run-soak.ts";
import { isInSmallSockets, runInSmallSockets } from "./small-sockets.ts";
import { formatReport, problemsOf } from "./soak-report.ts";

const HELP = `Usage: soak.ts [options]

Readers of one hub server, of which a tenth reads nothing for a half of the time, while events are published. It says
whether all got everything, whether memory stayed flat, and whether the others waited longer meanwhile.

  --connections <n>  readers (default 5000)
  --seconds <n>      of publishing (default 120)
  --rate <n>         events per second (default 4)
  --size <bytes>     data of an event (default 4096)
  --seed <n>         which readers fall silent (default 1)
  --json             print the report as one line of JSON
  --help

Exit codes: 0 all is well, 1 something is not, 2 wrong options, or no network namespace could be made.
`;

const FAILED = 1;
const MISUSED = 2;

function main(args: readonly string[]): Promise<number> | number {
  const options = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      connections: { ...options, default: "5000" },
      seconds: { ...options, default: "120" },
      rate: { ...options, default: "4" },
      size: { ...options, default: "4096" },
      seed: { ...options, default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { json, help: _, ...texts } = values;
  for (const [name, text] of Object.entries(texts)) {
    if (!/^[1-9]\d*$/.test(text))
      throw new TypeError(`Cannot soak with --${name} ${text}: give a whole number above 0`);
  }
  if (!isInSmallSockets()) return again(args);
  return soak(texts, json);
}

async function soak(
  texts: Readonly<Record<"connections" | "seconds" | "rate" | "size" | "seed", string>>,
  json: boolean,
): Promise<number> {
  const report = await runSoak({
    connections: Number(texts.connections),
    seconds: Number(texts.seconds),
    rate: Number(texts.rate),
    size: Number(texts.size),
    seed: Number(texts.seed),
  });
  const problems = problemsOf(report);
  console.log(json ? JSON.stringify({ ...report, problems }) : [formatReport(report), ...problems].join("\n"));
  return problems.length === 0 ? 0 : FAILED;
}

/** Runs this program again where the system keeps little for a reader. */
function again(args: readonly string[]): number {
  const self = [process.execPath, ...process.execArgv, process.argv[1] ?? "", ...args];
  return runInSmallSockets(self, "inherit") ?? MISUSED;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = MISUSED;
}
