import { type ChildProcess, spawn } from "node:child_process";
import { type Attachment, AttachmentError } from "../attachment.ts";
import { killGroup, ownGroup } from "../process-group.ts";
import { type AttachClientOptions, attachClient } from "./attach-client.ts";
import type { ClientSubject } from "./client-subject.ts";
import { freePort } from "./free-port.ts";
import { hostLaunchDarklyService, quitLaunchDarklyService, refusesCommand } from "./launchdarkly-host.ts";
import { ScriptedServer } from "./scripted-server.ts";

/** Where a test service is. */
export interface ClientServiceLine extends AttachClientOptions {
  /** Where it listens; `http://127.0.0.1:$PORT` by default. */
  readonly url?: string | undefined;
  /** The command that starts it, with `PORT` in its environment; it runs already by default. */
  readonly command?: readonly string[] | undefined;
}

/** The port that test services take by default. */
const USUAL_PORT = 8_000;

/** Milliseconds that a service has to come up. */
const START_TIMEOUT = 30_000;

/** Capabilities that a service declares, those of launchdarkly/sse-contract-tests first. */
const DECLARED: readonly string[] = [
  ...["bom", "comments", "headers", "last-event-id", "post", "read-timeout", "report", "restart"],
  ...["server-directed-shutdown-request", "ready-state", "open-events", "retry", "close"],
];
const TO_DECLARE = "if it has, let GET / of the service declare it";

/** Attaches a test service, and starts it where a command is given. */
export async function attachClientService(line: ClientServiceLine): Promise<Attachment<ClientSubject>> {
  const { command = [], url: given, ...options } = line;
  const port = given === undefined ? await freePort(USUAL_PORT) : undefined;
  const url = given ?? `http://127.0.0.1:${port}/`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new AttachmentError(
      `Cannot attach ${url}: it is no URL of http: or https:; give one such as http://127.0.0.1:8000/`,
    );
  }
  const child = command.length === 0 ? undefined : start(command, port);
  const server = await ScriptedServer.start();
  const close = async (): Promise<void> => {
    if (child === undefined) return;
    await quitLaunchDarklyService(url).catch(() => {});
    killGroup(child);
  };
  try {
    await untilUp(url, child, command);
    const attachment = await attachClient(await hostLaunchDarklyService(url, server), { ...options, server, close });
    const remedies = { ...Object.fromEntries(DECLARED.map((name) => [name, TO_DECLARE])), ...attachment.remedies };
    return { ...attachment, remedies, refusesUnknownCase: (name) => refusesCommand(url, server, name) };
  } catch (error) {
    if (child !== undefined) killGroup(child);
    server.close();
    throw error;
  }
}

function start([file = "", ...args]: readonly string[], port: number | undefined): ChildProcess {
  const env = port === undefined ? process.env : { ...process.env, PORT: `${port}` };
  // What a service prints is for people, and not to be mixed with a report on stdout.
  const child = spawn(file, args, { env, stdio: ["ignore", "ignore", "inherit"], ...ownGroup });
  // That it could not be started is seen below, for it has no process id.
  child.on("error", () => {});
  process.once("exit", () => killGroup(child));
  return child;
}

async function untilUp(url: string, child: ChildProcess | undefined, command: readonly string[]): Promise<void> {
  const limit = Date.now() + START_TIMEOUT;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    const ended =
      child !== undefined && (child.pid === undefined || child.exitCode !== null || child.signalCode !== null);
    const what = command.length === 0 ? url : command.join(" ");
    if (ended) {
      const how = child.pid === undefined ? "could not be started" : `ended with ${child.signalCode ?? child.exitCode}`;
      throw new AttachmentError(
        `Cannot attach the client ${what}: the command ${how} before it answered at ${url}; it serves at $PORT until DELETE / ends it`,
      );
    }
    if (child === undefined || Date.now() > limit) {
      throw new AttachmentError(
        `Cannot attach the client ${what}: GET ${url} is not answered by 200; the service listens at $PORT, or give --url`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
