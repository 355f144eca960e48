import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundlePage, describeWith } from "testing";
import { afterAll, beforeAll, describe } from "vitest";
import { attachPage } from "../src/client/attach-page.ts";
import type { BrowserName } from "../src/client/start-browser.ts";
import { describeClient, PATIENCE } from "./describe-client.ts";

/** A browser, and what nothing that stands on its fetch() can keep. */
interface Tried {
  readonly program: string;
  readonly browser: BrowserName;
  readonly exceptions: Readonly<Record<string, string>>;
}

const BROWSERS: readonly Tried[] = [
  { program: "chromium", browser: "chromium", exceptions: {} },
  {
    program: "firefox-esr",
    browser: "firefox",
    exceptions: { "client/response/open-at-the-head": "fetch() fulfils with the first byte of the body" },
  },
  {
    program: "WebKitWebDriver",
    browser: "webkit",
    exceptions: { "client/last-event-id/in-utf-8": "WebKitGTK sends the bytes of a field as UTF-8 once more" },
  },
];

/** Of a program's fields fetch() asks another origin first, where an engine's own EventSource need not. */
const PREFLIGHT = { "client/cors/preflight@id=safe": "Last-Event-ID is a field of the program's" };

describe("the clients of @ssekit/client in pages", () => {
  let folder = "";
  let file = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssekit-conformance-"));
    file = join(folder, "clients.js");
    await writeFile(file, await bundlePage(join(import.meta.dirname, "clients.ts")));
  });
  afterAll(() => rm(folder, { recursive: true }));

  for (const { program, browser, exceptions } of BROWSERS) {
    describeWith(program, browser, () => {
      const attach = (name: string, profile?: "resilient"): ReturnType<typeof attachPage> =>
        attachPage(browser, { specifier: `${file}#${name}`, patience: PATIENCE, profile });
      describe("EventSource", () => {
        describeClient(() => attach("EventSource"), { exceptions: { ...exceptions, ...PREFLIGHT } });
      });
      describe("EventSourceClient", () => {
        describeClient(() => attach("eventSourceClientHost", "resilient"), { exceptions });
      });
    });
  }
});
