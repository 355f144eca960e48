import { asHost } from "./as-host.ts";
import type { ClientMessage, HostedClient, InterfaceFacts, StreamParameters } from "./client-host.ts";

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
  | { readonly kind: "message"; readonly client: number; readonly message: ClientMessage }
  | { readonly kind: "done"; readonly command: number; readonly result?: InterfaceFacts | undefined }
  | { readonly kind: "failed"; readonly command: number; readonly error: string };

/** Runs in a page: obeys commands one after another, for ever. */
export async function runPage(subject: unknown, name: string, path: string): Promise<void> {
  const host = asHost(subject, name);
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
      const client = await host?.create(
        command.parameters,
        (message) => void tell({ kind: "message", client: number, message }),
      );
      if (client !== undefined) clients.set(number, client);
    } else if (command.do === "inspect") {
      return await host?.inspect?.(command.streamUrl);
    } else {
      const client = clients.get(command.client);
      if (command.do === "listen") await client?.listen(command.type);
      else await client?.[command.do]();
    }
    return undefined;
  }

  if (host === undefined) throw new TypeError(`Cannot test ${name}: it is neither a class nor a host`);
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
