import { asHost } from "./as-host.ts";
import type { ClientHost, ClientMessage, HostedClient, InterfaceFacts, StreamParameters } from "./client-host.ts";

/** What a page is told to do. A client has the number of the command that made it. */
export type PageCommand = { readonly number: number } & (
  | { readonly do: "create"; readonly parameters: StreamParameters }
  | { readonly do: "listen"; readonly client: number; readonly type: string }
  | { readonly do: "restart" | "close"; readonly client: number }
  | { readonly do: "inspect"; readonly streamUrl: string }
);

/** What a page tells. */
export type PageReport =
  | { readonly kind: "ready"; readonly name: string; readonly capabilities: readonly string[] }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "message"; readonly client: number; readonly message: ClientMessage }
  | { readonly kind: "done"; readonly command: number; readonly result?: InterfaceFacts | undefined }
  | { readonly kind: "failed"; readonly command: number; readonly error: string };

/**
 * Runs in a page: obeys commands one after another, for ever.
 *
 * @param load gives what has the subject under its name: a module, or the global object.
 */
export async function runPage(load: () => Promise<object>, name: string, path: string): Promise<void> {
  let host: ClientHost;
  try {
    host = await loadHost(load, name);
  } catch (error) {
    const refused: PageReport = { kind: "refused", reason: (error as Error).message };
    await fetch(`${path}/reports`, { method: "POST", body: JSON.stringify([refused]) });
    return;
  }
  const clients = new Map<number, HostedClient>();
  const reports: PageReport[] = [];

  // One request at a time, in order: a page may hold six connections to its server.
  async function tell(report: PageReport): Promise<void> {
    reports.push(report);
    if (reports.length > 1) return;
    for (let sent = 0; reports.length > 0; reports.splice(0, sent)) {
      sent = reports.length;
      await fetch(`${path}/reports`, { method: "POST", body: JSON.stringify(reports) });
    }
  }

  async function obey(command: PageCommand): Promise<InterfaceFacts | undefined> {
    const { number } = command;
    if (command.do === "create") {
      const { parameters } = command;
      const report = (message: ClientMessage): void => void tell({ kind: "message", client: number, message });
      clients.set(number, await host.create(parameters, report));
    } else if (command.do === "inspect") {
      return await host.inspect?.(command.streamUrl);
    } else {
      const client = clients.get(command.client);
      if (command.do === "listen") await client?.listen(command.type);
      else await client?.[command.do]();
    }
    return undefined;
  }

  void tell({ kind: "ready", name: host.name, capabilities: host.capabilities });
  for (;;) {
    const response = await fetch(`${path}/commands`);
    const command = (await response.json()) as PageCommand;
    await obey(command).then(
      (result) => void tell({ kind: "done", command: command.number, result }),
      (error: unknown) => void tell({ kind: "failed", command: command.number, error: `${error}` }),
    );
  }
}

async function loadHost(load: () => Promise<object>, name: string): Promise<ClientHost> {
  const exports = await load().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : error;
    throw new TypeError(`importing it failed: ${why}; a browser has to be able to: bundle in what it imports`);
  });
  if (!(name in exports)) {
    throw new TypeError(`the module exports ${Object.keys(exports).join(", ") || "nothing"}; name one behind #`);
  }
  const host = asHost(exports[name as keyof typeof exports], name);
  if (host === undefined) throw new TypeError(`${name} is neither a class that is used like EventSource nor a host`);
  return host;
}
