import type { ClientHost } from "./client-host.ts";
import type { ScriptedServer } from "./scripted-server.ts";

/** How fast a client has shown itself to be. */
export interface Pace {
  /** Milliseconds that the longest of its reconnections took for which 50 were asked. */
  longestReconnection: number;
}

/** A client under test: who makes it, and the server that it meets. */
export interface ClientSubject {
  readonly host: ClientHost;
  readonly server: ScriptedServer;
  /** What the host's clients can do. */
  readonly capabilities: ReadonlySet<string>;
  /** Milliseconds that a case waits for what has to come. */
  readonly patience: number;
  readonly pace: Pace;
}
