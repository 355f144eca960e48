#!/usr/bin/env node
/**
 * The program `ssekit`.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { tail } from "./tail.ts";

const usage = `Usage: ssekit <command>

  tail <url>   print the events of a stream as they come; ssekit tail --help says more
  --version    print the version
`;

const [command, ...args] = process.argv.slice(2);
if (command === "tail") {
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort());
  process.once("SIGTERM", () => stopping.abort());
  // Whoever read the output, such as `head`, has enough.
  process.stdout.on("error", () => process.exit(0));
  process.exitCode = await tail(args, {
    write: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
    signal: stopping.signal,
  });
} else if (command === "--help" || command === "-h") {
  process.stdout.write(usage);
} else if (command === "--version") {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  process.stdout.write(`${(JSON.parse(manifest) as { version: string }).version}\n`);
} else {
  const wrong = command === undefined ? "it needs a command" : `there is no command ${command}`;
  process.stderr.write(`Cannot run ssekit: ${wrong}\n\n${usage}`);
  process.exitCode = 2;
}
