import { existsSync } from "node:fs";
import type { Attachment } from "../attachment.ts";
import { AttachmentError } from "../attachment.ts";
import { type AttachClientOptions, attachClient } from "./attach-client.ts";
import type { ClientSubject, Pace } from "./client-subject.ts";
import { hostPage } from "./page-host.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { type BrowserName, type OpenBrowser, startBrowser } from "./start-browser.ts";

/** Milliseconds that a page has to say that it is there. */
const READY_TIMEOUT = 30_000;

/**
 * How many frames a page has, each with a server and a case of its own. A browser holds six connections to a server: of a
 * frame one waits for commands, one tells, and a case may need the others. WebKit holds seventeen in all.
 */
const FRAMES = 4;

/** Attaches clients in the frames of a page, in a browser that the suite starts. */
export async function attachPage(
  browser: BrowserName,
  { specifier, ...options }: AttachClientOptions & { readonly specifier?: string | undefined },
): Promise<Attachment<ClientSubject>> {
  const [file = ""] = specifier?.split("#") ?? [];
  if (file !== "" && !existsSync(file)) {
    throw new AttachmentError(
      `Cannot attach the client ${specifier}: there is no file ${file}; a page takes no package`,
    );
  }
  const servers = await Promise.all(Array.from({ length: FRAMES }, () => ScriptedServer.start()));
  let open: OpenBrowser | undefined;
  const close = async (): Promise<void> => {
    await open?.close();
    for (const server of servers) server.close();
  };
  try {
    const pages = servers.map((server) => ({ server, ...hostPage(server, specifier) }));
    const url = serveFrames(
      servers[0] as ScriptedServer,
      pages.map((page) => page.url),
    );
    open = await startBrowser(browser, url);
    const pace: Pace = { longestReconnection: 0 };
    const frames = await Promise.all(
      pages.map(async ({ server, host }) => {
        const made = await Promise.race([
          host,
          tooLate(`${browser} opened ${url}, but not in each of its frames a client was made`),
        ]);
        return await attachClient(made, { ...options, server, pace });
      }),
    );
    const [first] = frames as [Attachment<ClientSubject>];
    return {
      ...first,
      name: `${first.name} in ${browser}`,
      version: open.version,
      concurrency: FRAMES,
      open: async (context) => {
        const frame = frames.pop();
        if (frame === undefined) throw new AttachmentError("Cannot try another client: each frame has one");
        context.defer(() => void frames.push(frame));
        return await frame.open(context);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Serves a page that shows others, and gives its address. */
function serveFrames(server: ScriptedServer, urls: readonly string[]): string {
  const frames = urls.map((url) => `<iframe src="${url}"></iframe>`).join("\n");
  const body = `<!doctype html>
<meta charset="utf-8">
<title>ssekit-conformance</title>
<link rel="icon" href="data:,">
${frames}
`;
  const path = server.serve((exchange) => exchange.respond("200 OK", { contentType: "text/html;charset=utf-8", body }));
  return server.origin + path;
}

async function tooLate(what: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, READY_TIMEOUT).unref());
  throw new AttachmentError(`Cannot attach the page: ${what}; open that address to see what its console says`);
}
