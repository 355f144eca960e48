import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventSource as PackageEventSource } from "eventsource";
import { runProgram } from "testing";
import { EventSource as UndiciEventSource } from "undici";
import { attachClient } from "../src/client/attach-client.ts";
import { attachPage } from "../src/client/attach-page.ts";
import type { ClientSubject } from "../src/client/client-subject.ts";
import { clientCommand } from "../src/client/command.ts";
import { type EventSourceClass, hostEventSource } from "../src/client/event-source-host.ts";
import type { BrowserName } from "../src/client/start-browser.ts";
import type { RunReport } from "../src/report/run-report.ts";
import type { ForeignSubject, ForeignSubjects } from "./subject.ts";
import { versionOf } from "./version-of.ts";

/** What a client is waited for, in milliseconds: what has to come comes, be the machine as busy as it will. */
const PATIENCE = 10_000;

export const foreignClients: ForeignSubjects<ClientSubject> = {
  area: clientCommand,
  note: "The classes of the packages run on the runtime above; those of Deno and of the browsers are their own, the latter in the frames of a page.",
  subjects: [
    ofPackage("undici", UndiciEventSource),
    ofPackage("eventsource", PackageEventSource),
    { report: ofDeno },
    inBrowser("chromium"),
    inBrowser("firefox"),
    inBrowser("webkit"),
  ],
};

function ofPackage(name: string, EventSource: unknown): ForeignSubject<ClientSubject> {
  const host = hostEventSource(EventSource as EventSourceClass, { name, version: versionOf(name) });
  return { attach: () => attachClient(host, { patience: PATIENCE }) };
}

function inBrowser(browser: BrowserName): ForeignSubject<ClientSubject> {
  return { attach: () => attachPage(browser, { patience: PATIENCE }) };
}

async function ofDeno(): Promise<RunReport> {
  const folder = await mkdtemp(join(tmpdir(), "ssekit-conformance-"));
  try {
    const file = join(folder, "report.json");
    const suite = ["deno", "run", "--allow-all", "--quiet", "--conditions=@ssekit/source", "src/cli.ts", "client"];
    const options = ["--module", "#EventSource", "--patience", `${PATIENCE}`, "--seed", "1", "--json", file];
    const { stderr } = await runProgram([...suite, ...options], { cwd: join(import.meta.dirname, "..") });
    const text = await readFile(file, "utf8").catch(() => {
      throw new Error(`Cannot test Deno: the suite wrote no report; it said ${stderr}`);
    });
    const report = JSON.parse(text) as RunReport;
    const version = /^Deno (\S+),/.exec(report.runtime)?.[1] ?? "";
    return { ...report, subject: { ...report.subject, name: "EventSource in Deno", version } };
  } finally {
    await rm(folder, { recursive: true });
  }
}
