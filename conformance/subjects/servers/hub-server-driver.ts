import { randomUUID } from "node:crypto";
import { type HubServer, startHubServer } from "@ssekit/hub-server";
import type { ServerDriver } from "../../src/server/driver.ts";
import type { PublishedEvent } from "../../src/server/publisher.ts";

/** A hub-server that runs, and where its readers find it. */
export interface SharedHub {
  readonly server: HubServer;
  /** What stands before `/.well-known/mercure`. */
  readonly front: string;
}

/** Drives a hub-server of its own, or a topic of its own of one that runs. Publishes as anybody does, by a form. */
export class HubServerDriver implements ServerDriver {
  readonly #shared: (() => SharedHub) | undefined;
  readonly #topic: string;
  /** Of a hub of its own alone: another has other readers too. */
  readonly count?: () => Promise<number>;
  #server: HubServer | undefined;

  constructor(shared?: () => SharedHub) {
    this.#shared = shared;
    // On a hub of its own the URL stays the same when another one takes over.
    this.#topic = shared === undefined ? "news" : randomUUID();
    if (shared === undefined) this.count = () => this.#countConnections();
  }

  async start(): Promise<string> {
    const shared = this.#shared?.();
    this.#server = shared?.server ?? (await startHubServer({ port: 0 }));
    return `${shared?.front ?? this.#server.url}/.well-known/mercure?match=${this.#topic}`;
  }

  async publish({ data, event, id, retry }: PublishedEvent): Promise<void> {
    const body = new URLSearchParams({ topic: this.#topic, data });
    if (event !== undefined) body.set("type", event);
    if (id !== undefined) body.set("id", id);
    if (retry !== undefined) body.set("retry", String(retry));
    const answer = await fetch(`${this.#server?.url}/.well-known/mercure`, { method: "POST", body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
  }

  async stop(): Promise<void> {
    if (this.#shared === undefined) await this.#server?.close();
  }

  async #countConnections(): Promise<number> {
    const answer = await fetch(`${this.#server?.url}/healthz`);
    return ((await answer.json()) as { connections: number }).connections;
  }
}
