import type { ClientHost } from "./client-host.ts";
import { type EventSourceClass, hostEventSource } from "./event-source-host.ts";

/** What a module exports, or a realm has, as a host; `undefined` if it is neither one nor a class. */
export function asHost(exported: unknown, name: string): ClientHost | undefined {
  if (typeof exported === "function") return hostEventSource(exported as EventSourceClass, { name });
  if (typeof exported === "object" && exported !== null && "create" in exported) return exported as ClientHost;
  return undefined;
}
