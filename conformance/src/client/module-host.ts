import { AttachmentError } from "../attachment.ts";
import { importExport } from "../import-export.ts";
import { asHost } from "./as-host.ts";
import type { ClientHost } from "./client-host.ts";

/**
 * The client that a module exports, in this process: a class that claims to be `EventSource`, or a `ClientHost`.
 *
 * @param specifier `file#export`; `#EventSource` alone is the runtime's own.
 */
export async function hostModule(specifier: string): Promise<ClientHost> {
  const exported = specifier.startsWith("#")
    ? (globalThis as Record<string, unknown>)[specifier.slice(1)]
    : await importExport(specifier, "client");
  const host = asHost(exported, specifier);
  if (host !== undefined) return host;
  throw new AttachmentError(
    `Cannot attach the client ${specifier}: it is neither a class nor a host; export a class that is used like EventSource, or { name, capabilities, create }`,
  );
}
