import type { Attachment } from "../attachment.ts";
import type { CaseContext } from "../case.ts";
import type { ClientHost } from "./client-host.ts";
import type { ClientSubject, Pace } from "./client-subject.ts";
import { ScriptedServer } from "./scripted-server.ts";

/** How a client is attached. */
export interface AttachClientOptions {
  /** Milliseconds that a case waits for what has to come; {@linkcode DEFAULT_PATIENCE} by default. */
  readonly patience?: number | undefined;
  /** What is asked of it beyond the standard; nothing by default. */
  readonly profile?: "resilient" | undefined;
  /** The server that its clients meet; one of its own by default. It is closed with the attachment. */
  readonly server?: ScriptedServer | undefined;
  /** Shared by hosts that make the same client; one of its own by default. */
  readonly pace?: Pace | undefined;
  /** Lets go of the host. */
  readonly close?: (() => Promise<void>) | undefined;
}

/** Milliseconds that a case waits for a request or a message. */
export const DEFAULT_PATIENCE = 4_500;

/** What would let more be asked. */
const REMEDIES: Readonly<Record<string, string>> = {
  resilient: "give --profile resilient",
  "event-source": "of classes and pages alone",
  "base-url": "of pages alone",
  cors: "of pages alone",
};

/** Attaches clients that a host makes. */
export async function attachClient(
  host: ClientHost,
  { patience = DEFAULT_PATIENCE, profile, server, pace = { longestReconnection: 0 }, close }: AttachClientOptions = {},
): Promise<Attachment<ClientSubject>> {
  const scripted = server ?? (await ScriptedServer.start());
  // A profile is asked of whom it is asked, whatever it declares, and of nobody else.
  const declared = host.capabilities.filter((capability) => capability !== "resilient");
  const capabilities = new Set(profile === undefined ? declared : [...declared, profile]);
  const subject: ClientSubject = { host, server: scripted, capabilities, patience, pace };
  return {
    name: host.name,
    version: host.version,
    capabilities,
    remedies: REMEDIES,
    open: async (context: CaseContext) => {
      context.lengthen(patience / DEFAULT_PATIENCE);
      return subject;
    },
    close: async () => {
      await close?.();
      scripted.close();
    },
  };
}
