#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { DEFAULT_HOST, DEFAULT_PORT, type HubServer, startHubServer } from "./hub-server.ts";
import { isLoopback } from "./loopback.ts";
import { isLogPlace, type LogPlace, openLog, publicName } from "./open-log.ts";
import { MERCURE_PATH } from "./publish-form.ts";

/** Exit codes: 1 when the hub can't run, 2 when the command line is wrong. */
const FAILED = 1;
const MISUSED = 2;

interface CliOptions {
  port: number;
  host: string;
  ids: "cursor" | "publisher";
  log: LogPlace;
  metrics?: true;
  json?: true;
}

function parseCommandLine(args: readonly string[]): CliOptions {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const command = new Command("ssekit-hub")
    .description("A hub for Server-Sent Events that speaks the Mercure protocol.")
    .version(version)
    .option("--port <number>", "TCP port, 0 takes a free one", parsePort, DEFAULT_PORT)
    .option(
      "--host <host>",
      "loopback address or name; others need tokens, which the hub doesn't have yet",
      parseHost,
      DEFAULT_HOST,
    )
    .addOption(
      new Option("--ids <kind>", "id of an event for its readers: the hub's cursor, or the one its publisher gave")
        .choices(["cursor", "publisher"])
        .default("cursor"),
    )
    .option(
      "--log <place>",
      "where events are kept: memory; sqlite:<file>, to survive a restart; redis://<host>:<port>, for many hubs",
      parseLog,
      "memory",
    )
    .option("--metrics", "tell a Prometheus at /metrics what the hub does, and whoever else can reach the hub")
    .option("--json", "print one line of JSON with the address instead of prose")
    .addHelpText("after", "\nExit codes: 0 stopped by a signal, 1 can't run (such as a port in use), 2 wrong options.")
    .allowExcessArguments(false)
    .showHelpAfterError("Try ssekit-hub --help")
    .exitOverride();
  return command.parse(args, { from: "user" }).opts<CliOptions>();
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError("Give a whole number from 0 to 65535");
  return port;
}

function parseHost(host: string): string {
  if (isLoopback(host)) return host;
  throw new InvalidArgumentError(
    `The hub asks for no token yet, so only this machine may reach it: give a loopback address such as ${DEFAULT_HOST}`,
  );
}

function parseLog(place: string): LogPlace {
  if (isLogPlace(place)) return place;
  throw new InvalidArgumentError(
    "Give memory, sqlite: and a file's path, such as sqlite:events.db, or the URL of a Redis, such as redis://127.0.0.1:6379",
  );
}

function announcement({ url }: HubServer, { log, metrics }: CliOptions): string {
  const endpoint = url + MERCURE_PATH;
  return [
    `ssekit hub: ${url}`,
    "",
    "Subscribe:",
    `  curl -N '${endpoint}?match=news'`,
    "Publish:",
    `  curl -d topic=news --data-urlencode data='Hello world!' ${endpoint}`,
    ...(metrics ? [`Metrics for Prometheus: ${url}/metrics`] : []),
    "",
    "It is bound to loopback, so it needs no token, and ignores any that is sent.",
    log === "memory" ? "What is published lives in memory." : `What is published is kept in ${publicName(log)}.`,
  ].join("\n");
}

function explain(error: unknown, { host, port, log }: CliOptions): string {
  const { code, message } = error as NodeJS.ErrnoException;
  // The log's own message says what to do.
  if (code === "log-unavailable") return `${message} (--log ${publicName(log)})`;
  if (code === "ERR_UNKNOWN_BUILTIN_MODULE")
    return `Cannot use SQLite: Node ${process.versions.node} has none; take Node 22.13 or later`;
  const attempt = `Cannot listen on ${host}:${port}`;
  if (code === "EADDRINUSE") return `${attempt}: the port is in use: stop what uses it, or take another with --port`;
  if (code === "EACCES") return `${attempt}: this user may not: take a port above 1023 with --port`;
  return `${attempt}: ${message}`;
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseCommandLine(args);
  let server: HubServer;
  try {
    server = await startHubServer({ ...options, log: await openLog(options.log) });
  } catch (error) {
    console.error(explain(error, options));
    process.exitCode = FAILED;
    return;
  }
  const { url } = server;
  console.log(
    options.json
      ? JSON.stringify({ url, endpoint: url + MERCURE_PATH, ids: options.ids, log: publicName(options.log) })
      : announcement(server, options),
  );
  // A second signal ends the process at once, as ever.
  const stop = (): void => void server.close().then(() => process.exit(0));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : MISUSED;
}
