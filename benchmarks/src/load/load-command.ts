import { appendFile, writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { formatBytes, formatNumber, formatReport } from "./format-report.ts";
import { htmlReport } from "./html-report.ts";
import { httpPublish } from "./http-publish.ts";
import { DEFAULT_LOAD, type LoadOptions, type Profile, profiles } from "./load-options.ts";
import { isClean, type LoadReport } from "./load-report.ts";
import { measureFiniteStreams } from "./measure-finite-streams.ts";
import { type LoadProgress, measureLoad } from "./measure-load.ts";
import { probeTarget } from "./probe-target.ts";
import type { RequestTarget } from "./request-target.ts";

/** Exit codes. */
const UNCLEAN = 1;
const MISUSED = 2;

interface LoadFlags {
  profile: Profile;
  connections?: number;
  inFlight?: number;
  duration?: number;
  timeout: number;
  settle: number;
  publish?: string;
  publishHeader: [string, string][];
  rate: number;
  publishers: number;
  size: number;
  slow?: number;
  churn?: number;
  threads: number;
  expectEvents?: number;
  header: [string, string][];
  method: string;
  body?: string;
  insecure: boolean;
  json: boolean;
  html?: string;
  quiet: boolean;
}

const PROFILES = Object.entries(profiles)
  .map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`)
  .join("\n");

const HELP = `
Profiles:
${PROFILES}

All but \`finite\` read with raw sockets of their own; \`finite\` is autocannon's, which counts a stream when it ends.
Published events carry a number, so that lost, repeated and reordered ones are found; latency counts from when an
event was due, not from when it was sent.

Exit codes: 0 nothing failed; 1 something was lost, repeated, reordered or failed, or the run ended before its time;
2 wrong options, or no event stream at the address.

Examples:
  ssekit-bench load http://127.0.0.1:3000/events
  ssekit-bench load http://127.0.0.1:3000/events --publish 'POST http://127.0.0.1:3000/news {"data": {{data}}}' --rate 50
  ssekit-bench load http://127.0.0.1:3000/events --profile storm --connections 5000
  ssekit-bench load http://127.0.0.1:3000/chat --profile tokens --method POST --body '{"prompt":"Hello"}'`;

/** The command `load`. */
export function loadCommand(): Command {
  return new Command("load")
    .description("Puts load on a server of event streams, and measures what its readers see.")
    .argument("<url>", "address of an event stream, http: or https:", parseUrl)
    .addOption(
      new Option("-p, --profile <name>", "what kind of load").choices(Object.keys(profiles)).default("fan-out"),
    )
    .option(
      "-c, --connections <number>",
      `readers at once (default: ${DEFAULT_LOAD.connections}, of storm 1000)`,
      whole(1),
    )
    .option("--in-flight <number>", "how many may be connecting at once (default: 256, of storm all)", whole(1))
    .option("-d, --duration <seconds>", "how long to measure (default: 10, of storm 1)", seconds)
    .addOption(timed("--timeout <seconds>", "how long a head may take", DEFAULT_LOAD.timeout))
    .addOption(timed("--settle <seconds>", "how long the last events may take at the end", DEFAULT_LOAD.settle))
    .option("--publish <request>", "how to publish, as 'POST http://… {\"data\": {{data}}}'; a form body works too")
    .addOption(fields("--publish-header <field>", "field of the publishing request, repeatable"))
    .option("--rate <number>", "events published a second", number(0.001), DEFAULT_LOAD.rate)
    .option("--publishers <number>", "publishers at once, each sends one event after the other", whole(1), 1)
    .option("--size <bytes>", "size of an event's data", whole(40), DEFAULT_LOAD.size)
    .option("--slow <share>", "share of readers that stop reading, 0 to 1 (default: 0, of slow 0.1)", number(0, 1))
    .option("--churn <number>", "readers a second that break off and come back (default: 0, of churn 20)", number(0))
    .option("--threads <number>", "threads of readers", whole(1), DEFAULT_LOAD.threads)
    .option("--expect-events <number>", "events that each finite stream has", whole(0))
    .addOption(fields("-H, --header <field>", "field of the readers' request, as 'Name: value', repeatable"))
    .option("-X, --method <method>", "method of the readers' request", "GET")
    .option("--body <text>", "body of the readers' request, JSON unless a Content-Type says otherwise")
    .option("--insecure", "take a certificate that can't be verified", false)
    .option("--json", "print the report as JSON", false)
    .option("--html <file>", "write the report as a page that needs nothing from elsewhere")
    .option("-q, --quiet", "show no progress", false)
    .addHelpText("after", HELP)
    .action(load);
}

async function load(url: string, flags: LoadFlags): Promise<void> {
  const target: RequestTarget = {
    url,
    method: flags.method.toUpperCase(),
    fields: flags.header,
    body: flags.body,
    insecure: flags.insecure,
  };
  let options: LoadOptions;
  try {
    options = optionsOf(target, flags);
    if (flags.html !== undefined) await prepareFile(flags.html);
    await probeTarget(target, options.timeout);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = MISUSED;
    return;
  }
  const report = await measure(options, flags);
  const clean = isClean(report);
  if (flags.html !== undefined) await writeFile(flags.html, htmlReport(report, clean));
  console.log(flags.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  process.exitCode = clean ? 0 : UNCLEAN;
}

/** Makes sure before the run that the page can be written after it. */
async function prepareFile(file: string): Promise<void> {
  try {
    await appendFile(file, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`Cannot write ${file}: ${code}; give a file in a folder that is there`);
  }
}

function optionsOf(target: RequestTarget, flags: LoadFlags): LoadOptions {
  const { profile, publish } = flags;
  const given = Object.fromEntries(
    (["connections", "inFlight", "duration", "slow", "churn", "expectEvents"] as const)
      .filter((name) => flags[name] !== undefined)
      .map((name) => [name, flags[name]]),
  );
  if (publish !== undefined && (profile === "finite" || profile === "tokens")) {
    throw new TypeError(
      `Cannot publish under the profile ${profile}: its streams end by themselves; leave --publish out`,
    );
  }
  return {
    ...DEFAULT_LOAD,
    ...profiles[profile].defaults,
    ...given,
    target,
    profile,
    timeout: flags.timeout,
    settle: flags.settle,
    publish: publish === undefined ? undefined : httpPublish(publish, flags.publishHeader),
    rate: flags.rate,
    publishers: flags.publishers,
    size: flags.size,
    threads: flags.threads,
  };
}

async function measure(options: LoadOptions, { quiet }: LoadFlags): Promise<LoadReport> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  // A second signal ends the process at once, as ever.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  const onProgress = quiet ? undefined : showProgress;
  try {
    const run = options.profile === "finite" ? measureFiniteStreams : measureLoad;
    return await run(options, { signal: stop.signal, onProgress });
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
    if (!quiet && process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}

/** One line that is written over on a terminal; a line every second elsewhere, as in CI. */
function showProgress({ phase, elapsed, sample }: LoadProgress): void {
  const parts = [`${phase} ${Math.round(elapsed / 1000)} s`];
  if (sample !== undefined) {
    parts.push(`${formatNumber(sample.open)} open`, `${formatNumber(sample.events)} events/s`);
    parts.push(`${formatBytes(sample.bytes)}/s`);
    if (sample.p99 > 0) parts.push(`p99 ${formatNumber(sample.p99)} ms`);
  }
  const line = parts.join(", ");
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

function timed(flags: string, description: string, milliseconds: number): Option {
  return new Option(flags, description).argParser(seconds).default(milliseconds, String(milliseconds / 1000));
}

function fields(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collectField).default([], "none");
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href;
  throw new InvalidArgumentError("Give an address such as http://127.0.0.1:3000/events");
}

function collectField(text: string, fields: [string, string][]): [string, string][] {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\0\r\n]*)$/.exec(text);
  if (match === null) throw new InvalidArgumentError("Give a field as 'Name: value'");
  return [...fields, [match[1] ?? "", match[2] ?? ""]];
}

function seconds(text: string): number {
  return number(0)(text) * 1000;
}

function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least) return value;
    throw new InvalidArgumentError(`Give a whole number of at least ${least}`);
  };
}

function number(least: number, most = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d*\.?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least}${most === Infinity ? "" : ` to ${most}`}`);
  };
}
