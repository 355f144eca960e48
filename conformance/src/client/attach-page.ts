import type { Attachment } from "../attachment.ts";
import { AttachmentError } from "../attachment.ts";
import { type AttachClientOptions, attachClient } from "./attach-client.ts";
import type { ClientSubject } from "./client-subject.ts";
import { hostPage } from "./page-host.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { type BrowserName, startBrowser } from "./start-browser.ts";

/** Milliseconds that a page has to say that it is there. */
const READY_TIMEOUT = 30_000;

/** Attaches clients in a page of a browser that the suite starts. */
export async function attachPage(
  browser: BrowserName,
  { specifier, ...options }: AttachClientOptions & { readonly specifier?: string | undefined },
): Promise<Attachment<ClientSubject>> {
  const server = await ScriptedServer.start();
  let open: Awaited<ReturnType<typeof startBrowser>> | undefined;
  try {
    const page = hostPage(server, specifier);
    open = await startBrowser(browser, page.url);
    const { version, close } = open;
    const host = await Promise.race([
      page.host,
      tooLate(`${browser} opened ${page.url}, but no client was made there`),
    ]);
    // A page holds six connections to its server: one waits for commands, one tells, and a case may need the others.
    return await attachClient(
      { ...host, name: `${host.name} in ${browser}`, version },
      { ...options, server, close, concurrency: 1 },
    );
  } catch (error) {
    await open?.close();
    server.close();
    throw error;
  }
}

async function tooLate(what: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, READY_TIMEOUT).unref());
  throw new AttachmentError(
    `Cannot attach the page: ${what}; a module must be one that a browser can import by itself`,
  );
}
