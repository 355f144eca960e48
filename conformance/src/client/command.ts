import { InvalidArgumentError, Option } from "commander";
import type { AreaCommand } from "../area-command.ts";
import { type Attachment, AttachmentError } from "../attachment.ts";
import { attachClient, DEFAULT_PATIENCE } from "./attach-client.ts";
import { attachClientService } from "./attach-client-service.ts";
import { attachPage } from "./attach-page.ts";
import { smokeCase } from "./cases/smoke.ts";
import { CLIENT_CASES } from "./client-cases.ts";
import type { ClientSubject } from "./client-subject.ts";
import { hostModule } from "./module-host.ts";
import type { BrowserName } from "./start-browser.ts";

/** How many clients are tried at once where one process makes them. */
const CONCURRENCY = 8;

/** `ssekit-conformance client`. */
export const clientCommand: AreaCommand<ClientSubject> = {
  name: "client",
  summary: "a client: the suite is the server",
  takesCommand: true,
  options: [
    new Option(
      "--module <file#export>",
      "a JavaScript module that exports a class like EventSource, or a host; #EventSource is the runtime's own",
    ),
    new Option("--browser <name>", "a browser to start, whose page is tested").choices([
      "chromium",
      "firefox",
      "webkit",
    ]),
    new Option("--url <url>", "a test service that runs (protocol of launchdarkly/sse-contract-tests)"),
    new Option("--profile <name>", "what is asked for beyond the standard").choices(["resilient"]),
    new Option("--patience <ms>", "how long a case waits for what has to come")
      .default(DEFAULT_PATIENCE)
      .argParser(milliseconds),
  ],
  examples: [
    "ssekit-conformance client --module eventsource#EventSource",
    "ssekit-conformance client --browser firefox",
    "ssekit-conformance client -- ./my-test-service",
  ],
  cases: CLIENT_CASES,
  smoke: smokeCase.id,
  concurrency: CONCURRENCY,
  async attach({ options, command }): Promise<Attachment<ClientSubject>> {
    const { module: specifier, browser, url, profile, patience } = options as ClientOptions;
    if (browser !== undefined) return await attachPage(browser, { specifier, profile, patience });
    if (specifier !== undefined) return await attachClient(await hostModule(specifier), { profile, patience });
    if (url !== undefined || command.length > 0) return await attachClientService({ url, command, profile, patience });
    throw new AttachmentError(
      "Cannot attach a client: none is named; give --module, --browser, --url, or behind -- the command that starts a test service",
    );
  },
};

interface ClientOptions {
  readonly module?: string;
  readonly browser?: BrowserName;
  readonly url?: string;
  readonly profile?: "resilient";
  readonly patience?: number;
}

function milliseconds(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give whole milliseconds, from 1 to 999999");
}
