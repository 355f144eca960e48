import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AttachmentError } from "../attachment.ts";
import type { ClientHost, ClientMessage, HostedClient, InterfaceFacts } from "./client-host.ts";
import type { Exchange } from "./exchange.ts";
import type { PageCommand, PageReport } from "./page.ts";
import type { ScriptedServer } from "./scripted-server.ts";

/** Milliseconds that a page has to answer a command. */
const ANSWER_TIMEOUT = 15_000;

/** A host in a page, and where that page is. */
export interface PageHost {
  /** What a browser has to open. */
  readonly url: string;
  /** Fulfils with the host when the page has said what it is; rejects when the page can't make clients. */
  readonly host: Promise<ClientHost>;
}

/**
 * Clients in a page. It is served from the same origin as the streams, asks for commands by one request after another,
 * and posts what its clients tell.
 *
 * @param server serves the page.
 * @param specifier `file#export` of a module that a browser can import by itself; the page's own EventSource by default.
 */
export function hostPage(server: ScriptedServer, specifier = "#EventSource"): PageHost {
  const [file = "", name = "default"] = specifier.split("#");
  const commands = new Queue<PageCommand>();
  const answers = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const clients = new Map<number, (message: ClientMessage) => void>();
  let asked = 0;
  let tellHost: (host: ClientHost) => void = () => {};
  let refuse: (reason: Error) => void = () => {};
  const host = new Promise<ClientHost>((resolve, reject) => {
    tellHost = resolve;
    refuse = reject;
  });
  // It may be refused before anyone waits for it, or after the browser has failed.
  host.catch(() => {});

  const path = server.serve((exchange) => {
    serve(exchange).catch((error) => exchange.respond("500 Internal Server Error", { body: `${error}` }));
  });

  async function serve(exchange: Exchange): Promise<void> {
    const { target, body } = exchange.request;
    const asset = target.slice(path.length + 1).split("?")[0] ?? "";
    if (asset === "commands") {
      const command = await commands.take();
      exchange.respond("200 OK", { contentType: "application/json", fields: NO_STORE, body: JSON.stringify(command) });
    } else if (asset === "reports") {
      exchange.respond("204 No Content");
      for (const report of JSON.parse(body) as PageReport[]) hear(report);
    } else if (asset === "subject.js" && file !== "") {
      exchange.respond("200 OK", { contentType: "text/javascript", body: await readFile(file, "utf8") });
    } else if (/^[a-z-]+\.[jt]s$/.test(asset)) {
      exchange.respond("200 OK", { contentType: "text/javascript", body: await script(asset) });
    } else {
      exchange.respond("200 OK", { contentType: "text/html;charset=utf-8", body: html(path, file, name) });
    }
  }

  function hear(report: PageReport): void {
    if (report.kind === "ready") tellHost(remote(report));
    else if (report.kind === "refused") {
      refuse(new AttachmentError(`Cannot attach the client ${specifier} in a page: ${report.reason}`));
    } else if (report.kind === "message") clients.get(report.client)?.(report.message);
    else if (report.kind === "done") answers.get(report.command)?.resolve(report.result);
    else answers.get(report.command)?.reject(new Error(report.error));
  }

  async function ask(command: PageCommand): Promise<unknown> {
    const answer = new Promise<unknown>((resolve, reject) => {
      answers.set(command.number, { resolve, reject });
      setTimeout(() => reject(new Error(`The page did not answer to ${command.do}`)), ANSWER_TIMEOUT).unref();
    });
    commands.put(command);
    return await answer.finally(() => answers.delete(command.number));
  }

  function remote({ name, capabilities }: Extract<PageReport, { kind: "ready" }>): ClientHost {
    return {
      name,
      capabilities,
      async create(parameters, report): Promise<HostedClient> {
        const client = ++asked;
        clients.set(client, report);
        await ask({ number: client, do: "create", parameters });
        return {
          listen: async (type) => void (await ask({ number: ++asked, do: "listen", client, type })),
          restart: async () => void (await ask({ number: ++asked, do: "restart", client })),
          close: async () => void (await ask({ number: ++asked, do: "close", client })),
        };
      },
      inspect: async (streamUrl) => (await ask({ number: ++asked, do: "inspect", streamUrl })) as InterfaceFacts,
    };
  }

  return { url: `${server.origin}${path}/`, host };
}

const NO_STORE = ["Cache-Control: no-store"];

function html(path: string, file: string, name: string): string {
  const load = file === "" ? `({ [name]: globalThis[name] })` : `import("${path}/subject.js")`;
  return `<!doctype html>
<meta charset="utf-8">
<title>ssekit-conformance</title>
<link rel="icon" href="data:,">
<p>This page is tested. Leave it open.</p>
<script type="module">
import { runPage } from "${path}/page.js";
const name = ${JSON.stringify(name)};
await runPage(async () => ${load}, name, ${JSON.stringify(path)});
</script>
`;
}

/** A script of this suite, as it is built, or else its source without its types. */
async function script(asset: string): Promise<string> {
  const here = fileURLToPath(import.meta.url);
  const text = await readFile(join(dirname(here), basename(asset, extname(asset)) + extname(here)), "utf8");
  if (extname(here) === ".js") return text;
  const { stripTypeScriptTypes } = await import("node:module");
  return stripTypeScriptTypes(text);
}

/** Values that are taken in their order, each by one who may have to wait. */
class Queue<T> {
  readonly #values: T[] = [];
  readonly #takers: ((value: T) => void)[] = [];

  put(value: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#values.push(value);
    else taker(value);
  }

  async take(): Promise<T> {
    return this.#values.shift() ?? (await new Promise<T>((resolve) => this.#takers.push(resolve)));
  }
}
