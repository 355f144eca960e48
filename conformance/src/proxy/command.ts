import { InvalidArgumentError, Option } from "commander";
import type { AreaCommand } from "../area-command.ts";
import { AttachmentError } from "../attachment.ts";
import { durationOption, type RequestLine, readRequestLine, requestOptions } from "../http/options.ts";
import { attachProxy, DEFAULT_ORIGIN_PORT } from "./attach-proxy.ts";
import { SMOKE } from "./proxy-case.ts";
import { PROXY_CASES } from "./proxy-cases.ts";
import { DEFAULT_PROXY_DURATIONS, type ProxyDurations, type ProxySubject } from "./proxy-subject.ts";

interface ProxyLine extends RequestLine, ProxyDurations {
  readonly originPort: number;
}

/** `ssekit-conformance proxy`. */
export const proxyCommand: AreaCommand<ProxySubject> = {
  name: "proxy",
  summary: "a proxy: what in front of a server breaks its streams",
  argument: ["<url>", "where the proxy listens, for what it passes on to the suite's own server"],
  options: [
    new Option("--origin-port <port>", "port of 127.0.0.1 at which the proxy expects its server")
      .default(DEFAULT_ORIGIN_PORT)
      .argParser(parsePort),
    ...requestOptions(),
    durationOption("--within", DEFAULT_PROXY_DURATIONS.within, "for what has to come"),
    durationOption("--idle", DEFAULT_PROXY_DURATIONS.idle, "on a quiet stream, which the proxy must leave open"),
    durationOption("--prompt", DEFAULT_PROXY_DURATIONS.prompt, "at most for an event, in the median"),
  ],
  examples: [
    "ssekit-conformance proxy http://127.0.0.1:8080/ --origin-port 3000",
    "ssekit-conformance proxy https://localhost:8443/ --insecure",
  ],
  cases: PROXY_CASES,
  smoke: SMOKE,
  // Most of a run is the wait on the quiet stream.
  concurrency: 4,
  async attach({ argument: url, options }) {
    if (url === undefined) throw new AttachmentError("Cannot attach a proxy: give its URL");
    const line = options as unknown as ProxyLine;
    const { originPort, within, idle, prompt } = line;
    return await attachProxy({
      url,
      originPort,
      ...(await readRequestLine(line)),
      durations: { within, idle, prompt },
    });
  },
};

function parsePort(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError("Give a port from 1 to 65535");
}
