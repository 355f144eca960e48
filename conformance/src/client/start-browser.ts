import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { AttachmentError } from "../attachment.ts";
import { killGroup, ownGroup } from "../process-group.ts";
import { freePort } from "./free-port.ts";

/** A browser that the suite can start. */
export type BrowserName = "chromium" | "firefox" | "webkit";

/** The programs that each is started by, the first one that is there. */
const PROGRAMS: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr", "firefox"],
  webkit: ["WebKitWebDriver"],
};

/** Milliseconds that a WebDriver has to come up, and then to make a session. */
const START_TIMEOUT = 30_000;

/** A browser that shows a page. */
export interface OpenBrowser {
  readonly version: string | undefined;
  close(): Promise<void>;
}

/** Starts a headless browser of the machine, and opens the page. */
export async function startBrowser(name: BrowserName, url: string): Promise<OpenBrowser> {
  const program = PROGRAMS[name].map(findProgram).find((path) => path !== undefined);
  if (program === undefined) {
    throw new AttachmentError(`Cannot start ${name}: none of ${PROGRAMS[name].join(", ")} is on PATH; install one`);
  }
  return name === "webkit" ? await startWebKit(program, url) : await startByPuppeteer(name, program, url);
}

async function startByPuppeteer(
  name: "chromium" | "firefox",
  executablePath: string,
  url: string,
): Promise<OpenBrowser> {
  const { default: puppeteer } = await import("puppeteer-core").catch(() => {
    throw new AttachmentError(`Cannot start ${name}: puppeteer-core is not installed; npm i puppeteer-core`);
  });
  const browser = await puppeteer.launch({
    browser: name === "chromium" ? "chrome" : "firefox",
    executablePath,
    headless: true,
    // A signal stops the run, which closes the browser and reports.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // Containers and CI run as root, where Chromium's sandbox refuses to start.
    args: name === "chromium" ? ["--no-sandbox", "--disable-quic"] : [],
  });
  await (await browser.newPage()).goto(url);
  // Such as `Chrome/156.0.8078.79`.
  const version = (await browser.version()).split("/").at(-1);
  return { version, close: () => browser.close() };
}

/** By W3C WebDriver, for nothing else drives WebKitGTK; it hangs without a display, so it gets one. */
async function startWebKit(program: string, url: string): Promise<OpenBrowser> {
  const port = await freePort();
  const display = findProgram("xvfb-run");
  if (display === undefined) throw new AttachmentError("Cannot start webkit: xvfb-run is not on PATH; install xvfb");
  const args = ["-a", program, `--port=${port}`, "--host=127.0.0.1"];
  // A group of its own, so that its display ends with it.
  const child = spawn(display, args, { stdio: "ignore", ...ownGroup });
  const kill = (): void => killGroup(child);
  process.once("exit", kill);
  const driver = `http://127.0.0.1:${port}`;
  try {
    await untilReady(driver);
    const session = (await command("POST", `${driver}/session`, { capabilities: { alwaysMatch: {} } })) as {
      sessionId: string;
      capabilities: { browserVersion?: string };
    };
    const address = `${driver}/session/${session.sessionId}`;
    await command("POST", `${address}/url`, { url });
    return {
      version: `WebKitGTK ${session.capabilities.browserVersion ?? ""}`.trim(),
      async close() {
        await command("DELETE", address).catch(() => {});
        kill();
      },
    };
  } catch (error) {
    kill();
    throw new AttachmentError(`Cannot start webkit: ${error}`);
  }
}

async function untilReady(driver: string): Promise<void> {
  const limit = Date.now() + START_TIMEOUT;
  while (Date.now() < limit) {
    const answer = await fetch(`${driver}/status`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("its driver does not answer");
}

async function command(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(START_TIMEOUT),
  });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
